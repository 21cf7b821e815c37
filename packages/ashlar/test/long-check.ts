/** Prints what a long check found, and fails the process where it is past its bound. */
export function expectBelow(what: string, found: number, bound: number, unit: string): void {
  const fits = found <= bound
  console.log(`${fits ? 'ok      ' : 'too much'} ${what}: ${found.toFixed(0)} ${unit}, at most ${bound} ${unit}`)
  if (!fits) process.exitCode = 1
}

/** The most memory that this process ever had resident, in MB. */
export function peakResidentMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024
}
