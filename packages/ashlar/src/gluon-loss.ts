/** Losses, under Gluon's names. */
export { Loss, SoftmaxCELoss, SoftmaxCrossEntropyLoss } from '@ashlar/nn'
