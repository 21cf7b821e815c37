import { startWorker } from './client.ts'
import { ReadPage } from './read-page.ts'
import { setUpTabs } from './tabs.ts'
import { watchMotion } from './theme.ts'
import { TrainPage } from './train-page.ts'

/** Milliseconds between two pictures: as smooth as one likes it, or slow where the reader wants little to move. */
const [SMOOTH, CALM] = [33, 500]

const client = startWorker(
  message => {
    trainPage.receive(message)
    readPage.receive(message)
  },
  reason => trainPage.showProblem({ text: `The worker, which computes, stopped: ${reason}.`, mend: 'Load the page again; a browser of the last two years can run it.', ends: true }),
)
const trainPage = new TrainPage(client)
const readPage = new ReadPage(client)

setUpTabs(panel => {
  if (panel === 'read') readPage.show()
})
watchMotion(reduced => client.send({ type: 'interval', interval: reduced ? CALM : SMOOTH }))
