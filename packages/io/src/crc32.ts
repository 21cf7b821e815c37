/** The remainders that a byte leaves, of the polynomial that ZIP files use (reflected 0xEDB88320). */
const TABLE: Uint32Array = /* #__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) === 0 ? remainder >>> 1 : (remainder >>> 1) ^ 0xedb88320
  return remainder
})

/** The checksum of a ZIP member. */
export function crc32(bytes: Uint8Array): number {
  const table = TABLE
  let remainder = -1
  for (let i = 0; i < bytes.length; i++) remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[i]!) & 255]!
  return ~remainder >>> 0
}
