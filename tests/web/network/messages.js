/** Weights as they arrive, for the tests of the network. */

/** An array of a message: `values` nested as deep as it has axes. */
function array(values) {
  const shape = [];
  for (let inner = values; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  return { data: new Float32Array(values.flat(Infinity)), shape };
}

/** A message of these operations, each an activation's name or [op, weight, bias, more]. */
export function networkMessage({ shape, latent, classes = 0, encoder, layers, step = 7 }) {
  const arrays = {};
  const described = (operations, prefix) => operations.map((operation, i) => {
    if (typeof operation === "string") return { op: operation };
    const [op, weight, bias, more] = operation;
    if (weight === undefined) return { op, ...more };
    arrays[`${prefix}${i}.weight`] = array(weight);
    arrays[`${prefix}${i}.bias`] = array(bias);
    return { op, weight: `${prefix}${i}.weight`, bias: `${prefix}${i}.bias`, ...more };
  });
  const meta = { kind: "weights", step, latent, classes, shape, encoder: described(encoder, "encoder."), layers: described(layers, "") };
  return { meta, arrays };
}
