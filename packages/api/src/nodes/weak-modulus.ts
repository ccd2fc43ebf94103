const SMALL_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const;
/** The generator of every prime that the library of CVE-2017-15361 made. */
const ROCA_GENERATOR = 65_537;
const FERMAT_STEPS = 64;

function squareRoot(value: bigint): bigint {
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** Two primes close to each other are found from the square root of their product. */
function hasCloseFactors(modulus: bigint): boolean {
  let root = squareRoot(modulus);
  if (root * root < modulus) root += 1n;
  for (let step = 0; step < FERMAT_STEPS; step += 1, root += 1n) {
    const rest = root * root - modulus;
    const half = squareRoot(rest);
    if (half * half === rest) return true;
  }
  return false;
}

function isPowerOfGenerator(residue: number, prime: number): boolean {
  const generator = ROCA_GENERATOR % prime;
  let power = 1;
  do {
    if (power === residue) return true;
    power = (power * generator) % prime;
  } while (power !== 1);
  return false;
}

/** True for one in some hundred million good moduli, and for all of that library. */
function looksLikeRoca(residues: readonly number[]): boolean {
  return SMALL_PRIMES.every((prime, index) => isPowerOfGenerator(residues[index] ?? 0, prime));
}

/** Whether the modulus can be factored by what everybody knows. */
export function isWeakModulus(modulus: bigint): boolean {
  if (modulus % 2n === 0n) return true;
  const residues = SMALL_PRIMES.map((prime) => Number(modulus % BigInt(prime)));
  return residues.includes(0) || looksLikeRoca(residues) || hasCloseFactors(modulus);
}
