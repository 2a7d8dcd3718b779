// The latents of seeds: numpy.random.RandomState(seed).randn, number by
// number, so that a seed is the same picture here and in every tool.

const LENGTH = 624; // words of state
const SHIFT = 397;

// A function that gives the next 32 bits of the Mersenne Twister.
// Matsumoto and Nishimura, 1998; seeded by Knuth's recurrence.
export function twister(seed) {
  const state = new Uint32Array(LENGTH);
  state[0] = seed;
  for (let i = 1; i < LENGTH; i++) {
    const previous = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, previous) + i;
  }
  let place = LENGTH;

  function renew() {
    for (let i = 0; i < LENGTH; i++) {
      const next = state[(i + 1) % LENGTH];
      const mixed = (state[i] & 0x80000000) | (next & 0x7fffffff);
      const odd = mixed & 1 ? 0x9908b0df : 0;
      state[i] = state[(i + SHIFT) % LENGTH] ^ (mixed >>> 1) ^ odd;
    }
    place = 0;
  }

  return () => {
    if (place === LENGTH) renew();
    let word = state[place++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

// `count` normal numbers of a seed from 0 to 2 ** 32 - 1, float32.
// Marsaglia's polar method makes two at a time; NumPy hands out the second
// one first.
export function normal(seed, count) {
  const word = twister(seed);
  const uniform = () => {
    const high = word() >>> 5; // 27 bits
    const low = word() >>> 6; // 26 bits
    return (high * 67108864 + low) / 9007199254740992;
  };
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    let x, y, square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    numbers[i] = scale * y;
    if (i + 1 < count) numbers[i + 1] = scale * x;
  }
  return numbers;
}

export const LARGEST_SEED = 2 ** 32 - 1;

// A seed to try next. One of few digits is easily told to a friend.
export function anySeed() {
  return Math.floor(Math.random() * 100000);
}
