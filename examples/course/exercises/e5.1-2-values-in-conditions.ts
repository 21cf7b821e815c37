// Exercise 5.1-2: which values can stand in a condition?
import { np } from 'ashlar'
import { heading } from '../src/heading.ts'

const x = np.array([[0.5, 2]])

heading('One element: as a number, or as a truth value')
console.log(x.sum().item() > 1)
console.log(+x.sum() > 1)
console.log(x.sum().gt(1).bool())

heading('Several elements: refused, because nobody can say which one counts')
try {
  x.gt(1).bool()
} catch (error) {
  console.log(String(error))
}

heading('Said clearly')
console.log(np.any(x.gt(1)).bool(), np.all(x.gt(1)).bool())
