"""Writes the reference files numpy/*, safetensors/* and torch/* beside it.

Needs numpy, ml_dtypes and safetensors. The torch files come from Python's own pickle module, given classes of the names
that PyTorch's pickles refer to, and from a ZIP writer that lays archives out as PyTorch's does; PyTorch is not needed.
"""
import collections, io, os, pickle, struct, sys, types, zlib
import ml_dtypes, numpy as np
from safetensors.numpy import save_file

here = os.path.dirname(os.path.abspath(__file__))


def path(kind, name):
    os.makedirs(os.path.join(here, kind), exist_ok=True)
    return os.path.join(here, kind, name)


# NumPy
for code in ['f4', 'f8', 'f2', 'u1', 'i1', 'i2', 'i4', 'i8', 'u2', 'u4', 'u8']:
    np.save(path('numpy', code + '.npy'), np.array([[0, 1, 2], [3, 100, 127]]).astype(code))
np.save(path('numpy', 'b1.npy'), np.array([True, False, True]))
np.save(path('numpy', 'scalar.npy'), np.float32(2.5))
np.save(path('numpy', 'empty.npy'), np.zeros((0, 3), 'f4'))
np.save(path('numpy', 'big-endian.npy'), np.array([1.5, -2.25, 1e30], '>f4'))
np.save(path('numpy', 'fortran.npy'), np.asfortranarray(np.arange(24, dtype='f4').reshape(2, 3, 4)))
np.save(path('numpy', 'fortran-big-endian.npy'), np.asfortranarray(np.arange(6, dtype='>i2').reshape(2, 3)))
np.save(path('numpy', 'limits.npy'), np.array([-2**63, 2**63 - 1, 0], 'i8'))
for version in [(2, 0), (3, 0)]:
    with open(path('numpy', 'version-%d.npy' % version[0]), 'wb') as file:
        np.lib.format.write_array(file, np.arange(3, dtype='i4'), version=version)
np.save(path('numpy', 'objects.npy'), np.array([{}, None], object), allow_pickle=True)
np.save(path('numpy', 'complex.npy'), np.array([1j]))
np.save(path('numpy', 'record.npy'), np.array([(1, 2.0)], [('a', 'i4'), ('b', 'f4')]))
arrays = {'0.weight': np.arange(6, dtype='f4').reshape(2, 3), '0.bias': np.zeros(2, 'f4'), 'a/b c': np.array(7, 'i8'), 'größe': np.array([1, 2], 'f2')}
np.savez(path('numpy', 'stored.npz'), **arrays)
np.savez_compressed(path('numpy', 'packed.npz'), **arrays, zeros=np.zeros((100, 100), 'f4'))
np.savez(path('numpy', 'list.npz'), np.arange(2, dtype='f4'), np.ones(1, 'f4'))
np.savez(path('numpy', 'none.npz'))

# safetensors
save_file({
    'b.f32': np.arange(6, dtype='f4').reshape(2, 3), 'a.f32': np.array(-1.5, 'f4'), 'none': np.zeros((0, 2), 'f8'), 'flag': np.array([True, False]), 'u8': np.array([255], 'u1'),
    'i64': np.array([-2**63], 'i8'), 'u64': np.array([2**64 - 1], 'u8'), 'half': np.array([0.5, -2], 'f2'), 'brain': np.array([1, -2], ml_dtypes.bfloat16), 'i16': np.array([-3], 'i2'),
    '0': np.array([1], 'i4'), 'u16': np.array([9], 'u2'), 'u32': np.array([2**32 - 1], 'u4'), 'i8': np.array([-128], 'i1'), 'quote"ü\n': np.array([1.25], 'f8'),
}, path('safetensors', 'dtypes.safetensors'), metadata={'format': 'np'})
save_file({'x': np.arange(4, dtype='f4')}, path('safetensors', 'x.safetensors'))
save_file({}, path('safetensors', 'none.safetensors'))
save_file({'f8': np.array([1], ml_dtypes.float8_e5m2)}, path('safetensors', 'f8.safetensors'))


# PyTorch
def stand_in(module, name, value):
    sys.modules.setdefault(module, types.ModuleType(module))
    value.__module__, value.__qualname__, value.__name__ = module, name, name
    setattr(sys.modules[module], name, value)
    return value


sys.modules['torch'] = types.ModuleType('torch')
sys.modules['torch._utils'] = sys.modules['torch']._utils = types.ModuleType('torch._utils')
rebuild_tensor = stand_in('torch._utils', '_rebuild_tensor_v2', lambda *args: None)
rebuild_parameter = stand_in('torch._utils', '_rebuild_parameter', lambda *args: None)
storages = {code: stand_in('torch', name + 'Storage', type(name + 'Storage', (), {})) for code, name in
            {'f4': 'Float', 'f8': 'Double', 'f2': 'Half', 'i8': 'Long', 'i4': 'Int', 'i2': 'Short', 'i1': 'Char', 'u1': 'Byte', 'b1': 'Bool', 'bf': 'BFloat16'}.items()}
Size = stand_in('torch', 'Size', type('Size', (tuple,), {'__reduce__': lambda self: (Size, (tuple(self),))}))


class Memory:
    def __init__(self, values, code='f4'):
        self.values, self.code = (np.array(values, ml_dtypes.bfloat16) if code == 'bf' else np.array(values, code)).reshape(-1), code


class Tensor:
    def __init__(self, memory, size, stride=None, offset=0):
        if stride is None:
            stride = tuple(int(np.prod(size[axis + 1:], dtype=int)) for axis in range(len(size)))
        self.args = (memory, offset, tuple(size), tuple(stride), False, collections.OrderedDict())

    def __reduce_ex__(self, protocol):
        return rebuild_tensor, self.args


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce_ex__(self, protocol):
        return rebuild_parameter, (self.tensor, True, collections.OrderedDict())


def tensor(values, code='f4'):
    return Tensor(Memory(values, code), np.shape(values))


class Archive:
    """STORED members at multiples of 64, whose local headers leave sizes to a descriptor behind the data."""

    def __init__(self, root):
        self.root, self.out, self.directory = root, b'', []

    def add(self, name, data):
        name = ('%s/%s' % (self.root, name)).encode()
        start = len(self.out)
        padding = -(start + 30 + len(name) + 4) % 64
        extra = b'FB' + struct.pack('<H', padding) + b'Z' * padding
        head = struct.pack('<4sHHHHHIIIHH', b'PK\3\4', 0, 0x0808, 0, 0, 0, 0, 0, 0, len(name), len(extra))
        crc = zlib.crc32(data)
        self.out += head + name + extra + data + struct.pack('<4sIII', b'PK\7\x08', crc, len(data), len(data))
        self.directory.append(struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\1\2', 0, 0, 0x0808, 0, 0, 0, crc, len(data), len(data), len(name), 0, 0, 0, 0, 0, start) + name)

    def close(self, wide=False):
        start, directory, count = len(self.out), b''.join(self.directory), len(self.directory)
        end = b''
        if wide:
            at = start + len(directory)
            end += struct.pack('<4sQHHIIQQQQ', b'PK\6\6', 44, 30, 45, 0, 0, count, count, len(directory), start)
            end += struct.pack('<4sIQI', b'PK\6\7', 0, at, 1)
        end += struct.pack('<4sHHHHIIH', b'PK\5\6', 0, 0, count if not wide else 0xffff, count if not wide else 0xffff, len(directory), start if not wide else 0xffffffff, 0)
        return self.out + directory + end


def torch_save(value, name, root, big=False, wide=False):
    memories = []

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if not isinstance(value, Memory):
                return None
            if value not in memories:
                memories.append(value)
            return 'storage', storages[value.code], str(memories.index(value)), 'cpu', len(value.values)

    buffer = io.BytesIO()
    Pickler(buffer, protocol=2).dump(value)
    archive = Archive(root)
    archive.add('data.pkl', buffer.getvalue())
    archive.add('byteorder', b'big' if big else b'little')
    for key, memory in enumerate(memories):
        archive.add('data/%d' % key, (memory.values.byteswap() if big else memory.values).tobytes())
    archive.add('version', b'3\n')
    with open(path('torch', name), 'wb') as file:
        file.write(archive.close(wide))


state = collections.OrderedDict([
    ('hidden.weight', tensor(np.arange(6).reshape(2, 3))), ('hidden.bias', tensor([0.5, -0.5])), ('output.weight', tensor([[1, 2]], 'f8')), ('steps', tensor(7, 'i8')),
])
state._metadata = collections.OrderedDict([('', {'version': 1}), ('hidden', {'version': 1})])
torch_save(state, 'mlp.pt', 'mlp')
torch_save([tensor([0, 1, 2, 3], 'i8'), tensor([0, 0, 0, 0])], 'list.pt', 'archive')
torch_save(tensor([[1, 2]], 'bf'), 'one.pt', 'one')
torch_save({code: tensor([1, 0, 100 if code != 'b1' else 1], code) for code in storages}, 'dtypes.pt', 'dtypes', wide=True)
shared = Memory(np.arange(6).reshape(2, 3))
torch_save({'a': Tensor(shared, (2, 3)), 'transposed': Tensor(shared, (3, 2), (1, 3)), 'row': Tensor(shared, (3,), (1,), 3), 'wide': Tensor(shared, (2, 2), (0, 1), 1), 'none': Tensor(shared, (0, 3), (3, 1), 6),
            'parameter': Parameter(Tensor(shared, (6,)))}, 'views.pt', 'views')
torch_save({'model': state, 'epoch': 3, 'loss': 0.25, 'name': 'mlp', 'done': True, 'none': None, 'optimizer': {'state': {0: {'momentum': tensor([1.0])}}, 'groups': [{'lr': 0.1, 'params': [0]}]},
            'shape': Size((2, 3)), 'large': 2**70}, 'checkpoint.pt', 'checkpoint')
torch_save({'x': tensor([1.5, -2.25]), 'n': tensor([1, 2], 'i4')}, 'big-endian.pt', 'archive', big=True)


class Evil:
    def __reduce__(self):
        return os.system, ('true',)


torch_save({'x': Evil()}, 'code.pt', 'code')
