/** Prints what the lines below it show. */
export function heading(text: string): void {
  console.log(`\n## ${text}\n`)
}
