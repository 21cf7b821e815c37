import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * Runs a command on this terminal, hands signals on and waits for its end, however it ends.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 128 and the signal's number where a signal ended it
 */
export function runChild(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options })
  // On a terminal, Ctrl-C has reached the child already; a second SIGINT would cut short what it does on the first.
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(stream => stream.isTTY)
  const hand = SIGNALS.map(signal => {
    const listener = () => {
      if (!(signal === 'SIGINT' && onTerminal)) child.kill(signal)
    }
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const off of hand) off()
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}
