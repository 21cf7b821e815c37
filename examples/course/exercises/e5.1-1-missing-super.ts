// Exercise 5.1-1: what happens where a constructor does not call its parent's?
import { nn } from 'ashlar'
import { heading } from '../src/heading.ts'

/* eslint-disable constructor-super, no-this-before-super -- the mistake is what this shows */

class MLP extends nn.Block {
  // @ts-expect-error TypeScript refuses it before it runs: constructors of derived classes must contain a 'super' call.
  constructor() {
    // @ts-expect-error and so does the engine, at the first use of `this`
    this.hidden = new nn.Dense(256)
  }
}

/* eslint-enable constructor-super, no-this-before-super */

heading('Without super()')
try {
  new MLP()
} catch (error) {
  console.log(String(error))
}

heading('With it')

class Repaired extends nn.Block {
  hidden: nn.Dense
  constructor() {
    super()
    this.hidden = new nn.Dense(256)
  }
}

console.log(new Repaired())
