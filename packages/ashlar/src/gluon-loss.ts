/** Losses, under Gluon's names. */
export {
  CTCLoss, CosineEmbeddingLoss, HingeLoss, HuberLoss, KLDivLoss, L1Loss, L2Loss, LogisticLoss, Loss, PoissonNLLLoss, SDMLLoss, SigmoidBCELoss,
  SigmoidBinaryCrossEntropyLoss, SoftmaxCELoss, SoftmaxCrossEntropyLoss, SquaredHingeLoss, TripletLoss,
} from '@ashlar/nn'
