// The notebook in TypeScript, line for line: data, model, forward pass, and every gradient by hand, compared with autograd's.
// Run it with `npx tsx examples/notebook.ts`.

import { buildDataset, cmp, type Dataset, init, loadWords, split, takeBatch, Vocabulary } from 'handgrad';

const hg = await init();

// Words and their characters

const words = await loadWords(new URL('../names.txt', import.meta.url));
const vocabulary = new Vocabulary(words);
const vocabSize = vocabulary.size;
console.log(`${vocabulary}`);
console.log(vocabSize);

// Contexts and targets

const blockSize = 3;
hg.pythonRandom(42).shuffle(words);
const { train, dev, test } = split(words);
const datasets = [train, dev, test].map((part) => buildDataset(part, vocabulary, blockSize));
for (const { X, Y } of datasets) {
  console.log(`torch.Size([${X.shape.join(', ')}]) torch.Size([${Y.shape.join(', ')}])`);
}
const tr = datasets[0] as Dataset;

// Parameters

const nEmbd = 10;
const nHidden = 64;
const g = hg.generator().manualSeed(456789096543);
hg.manualSeed(0);
const C = hg.randn([vocabSize, nEmbd], { generator: g });
// Layer 1
const fanIn = nEmbd * blockSize;
const W1 = hg
  .randn([fanIn, nHidden], { generator: g })
  .mul(5 / 3)
  .div(fanIn ** 0.5);
const b1 = hg.randn([nHidden], { generator: g }).mul(0.1); // useless but let's keep it
// Layer 2
const W2 = hg.randn([nHidden, vocabSize], { generator: g }).mul(0.1);
const b2 = hg.randn([vocabSize], { generator: g }).mul(0.1);
// Batch norm; all zeros could mask an incorrect backward pass
const bngain = hg.randn([1, nHidden]).mul(0.1).add(1.0);
const bnbias = hg.randn([1, nHidden]).mul(0.1);

const parameters = [C, W1, b1, W2, b2, bngain, bnbias];
console.log(parameters.reduce((count, p) => count + p.size, 0));
for (const p of parameters) p.requiresGrad = true;

// A minibatch

const batchSize = 32;
const ix = hg.randint(0, tr.Y.data.length, [batchSize], { generator: g });
const batch = takeBatch(tr, ix.data);
const Xb = hg.tensor(batch.Xb);
const Yb = hg.tensor(batch.Yb);
const range = hg.arange(batchSize);

// Forward pass

const emb = C.index(Xb); // embed the characters into vectors
const embcat = emb.view(emb.shape[0] as number, -1); // concatenate
// Linear layer 1
const hprebn = embcat.matmul(W1).add(b1);
// Batch norm
const bnmeani = hprebn.sum(0, { keepdim: true }).mul(1 / batchSize);
const bndiff = hprebn.sub(bnmeani);
const bndiff2 = bndiff.pow(2);
const bnvar = bndiff2.sum(0, { keepdim: true }).mul(1 / (batchSize - 1)); // Bessel's correction
const bnvar_inv = bnvar.add(1e5).pow(-0.5);
const bnraw = bndiff.mul(bnvar_inv);
const hpreact = bngain.mul(bnraw).add(bnbias);
// Nonlinearity
const h = hpreact.tanh();
// Linear layer 2
const logits = h.matmul(W2).add(b2);
// Cross-entropy
const logit_maxes = logits.max(1, { keepdim: true }).values;
const norm_logits = logits.sub(logit_maxes); // so that the largest is 0 and exp can't overflow
const counts = norm_logits.exp();
const counts_sum = counts.sum(1, { keepdim: true });
const counts_sum_inv = counts_sum.pow(-1);
const probs = counts.mul(counts_sum_inv);
const logprobs = probs.log();
const loss = logprobs.index(range, Yb).mean().neg();

// Autograd's backward pass

for (const p of parameters) p.grad = null;
for (const t of [logprobs, probs, counts, counts_sum, counts_sum_inv, norm_logits, logit_maxes, logits, h, hpreact]) {
  t.retainGrad();
}
for (const t of [bnraw, bnvar_inv, bnvar, bndiff2, bndiff, hprebn, bnmeani, embcat, emb]) t.retainGrad();
loss.backward();
console.log(loss.item());

// Exercise 1: every gradient by hand, compared with the one that backward() left

const dhpreact = hg.noGrad(() => {
  const dlogprobs = hg.zerosLike(logprobs);
  dlogprobs.indexPut_([range, Yb], -1.0 / batchSize);
  cmp('logprobs', dlogprobs, logprobs);

  const dprobs = probs.pow(-1).mul(dlogprobs);
  cmp('probs', dprobs, probs);

  const dcounts_sum_inv = counts.mul(dprobs).sum(1, { keepdim: true });
  cmp('dcounts_sum_inv', dcounts_sum_inv, counts_sum_inv);

  const dcounts_sum = counts_sum.pow(-2).neg().mul(dcounts_sum_inv);
  cmp('dcounts_sum', dcounts_sum, counts_sum);

  const dcounts = counts_sum_inv.mul(dprobs); // first gradient
  dcounts.add_(hg.onesLike(counts).mul(dcounts_sum)); // second gradient
  cmp('dcounts', dcounts, counts);

  const dnorm_logits = norm_logits.exp().mul(dcounts);
  cmp('dnorm_logits', dnorm_logits, norm_logits);

  const dlogits = dnorm_logits.clone(); // not yet all of it

  const dlogit_maxes = dnorm_logits.sum(1, { keepdim: true }).neg();
  cmp('dlogit_maxes', dlogit_maxes, logit_maxes);

  dlogits.add_(hg.oneHot(logits.max(1).indices, logits.shape[1] as number).mul(dlogit_maxes)); // second branch
  cmp('dlogits', dlogits, logits);

  const dh = dlogits.matmul(W2.T);
  cmp('dh', dh, h);

  const dW2 = h.T.matmul(dlogits);
  cmp('dW2', dW2, W2);

  const db2 = dlogits.sum(0);
  cmp('db2', db2, b2);

  const dhpreact = h.pow(2).neg().add(1.0).mul(dh);
  cmp('dhpreact', dhpreact, hpreact);

  const dbngain = bnraw.mul(dhpreact).sum(0, { keepdim: true });
  cmp('dbngain', dbngain, bngain);

  const dbnraw = bngain.mul(dhpreact);
  cmp('dbnraw', dbnraw, bnraw);

  const dbnbias = dhpreact.sum(0, { keepdim: true });
  cmp('dbnbias', dbnbias, bnbias);

  const dbndiff = bnvar_inv.mul(dbnraw);
  const dbnvar_inv = bndiff.mul(dbnraw).sum(0, { keepdim: true });
  cmp('dbnvar_inv', dbnvar_inv, bnvar_inv);

  const dbnvar = bnvar.add(1e5).pow(-1.5).mul(-0.5).mul(dbnvar_inv);
  cmp('dbnvar', dbnvar, bnvar);

  const dbndiff2 = hg
    .onesLike(bndiff2)
    .mul(1 / (batchSize - 1))
    .mul(dbnvar);
  cmp('dbndiff2', dbndiff2, bndiff2);

  dbndiff.add_(bndiff.mul(2).mul(dbndiff2)); // second branch
  cmp('dbndiff', dbndiff, bndiff);

  const dhprebn = dbndiff.clone();
  const dbnmeani = dbndiff.neg().sum(0); // [64], where bnmeani is [1, 64]
  dhprebn.add_(
    hg
      .onesLike(hprebn)
      .mul(1 / batchSize)
      .mul(dbnmeani),
  ); // second branch
  cmp('dhprebn', dhprebn, hprebn);
  cmp('dbnmeani', dbnmeani, bnmeani);

  const dembcat = dhprebn.matmul(W1.T);
  const dW1 = embcat.T.matmul(dhprebn);
  const db1 = dhprebn.sum(0);
  cmp('dembcat', dembcat, embcat);
  cmp('dW1', dW1, W1);
  cmp('db1', db1, b1);

  const demb = dembcat.view(emb.shape);
  cmp('demb', demb, emb);

  const dC = hg.zerosLike(C);
  dC.indexPut_([Xb], demb, { accumulate: true });
  cmp('dC', dC, C);
  return dhpreact;
});

// Exercise 2: cross-entropy in one go

hg.noGrad(() => {
  const dlogits = logits.softmax(1);
  dlogits.indexPut_([range, Yb], -1, { accumulate: true });
  dlogits.div_(batchSize);
  cmp('logits', dlogits, logits); // approximate only
});

// Exercise 3: batch norm in one go

hg.noGrad(() => {
  const m = batchSize;
  const dhprebn = bngain
    .mul(bnvar_inv)
    .div(m)
    .mul(
      dhpreact
        .mul(m)
        .sub(dhpreact.sum(0))
        .sub(bnraw.mul(m / (m - 1)).mul(dhpreact.mul(bnraw).sum(0))),
    );
  cmp('hprebn', dhprebn, hprebn); // approximate only
});
