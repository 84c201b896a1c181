// log, cosine and sine as the normal numbers need them: log on (0, 1], the angle on [0, 2π].
//
// The float32 ones give the bits of PyTorch's AVX2 code: they are the single-precision functions of Cephes, with every product
// that is added to something fused with that sum. The float64 ones have fdlibm's polynomials and are within 1 ULP.

/** a * b + c, rounded once: the product of two f32 is exact in f64. */
// @ts-ignore: decorator
@inline function fma(a: f32, b: f32, c: f32): f32 { return ((a as f64) * (b as f64) + (c as f64)) as f32; }

/** Natural logarithm of x in (0, 1]. */
// @ts-ignore: decorator
@inline export function log<T>(x: T): T {
  if (sizeof<T>() == 4) return log32(x as f32) as T;
  return log64(x as f64) as T;
}

/** Lane 0 is cos x, lane 1 sin x, for x in [0, 2π]. */
// @ts-ignore: decorator
@inline export function cosSin<T>(x: T): v128 {
  if (sizeof<T>() == 4) return cosSin32(x as f32);
  return cosSin64(x as f64);
}

/** log x = e log 2 + log m with x = 2^e m and √½ <= m < √2; log 2 = 0.693359375 - 2.1219444e-4. */
function log32(x: f32): f32 {
  const bits = reinterpret<u32>(x);
  let e = ((bits >> 23) as f32) - 126;
  let m = reinterpret<f32>((bits & 0x7fffff) | 0x3f000000);
  let f = m - 1;
  if (m < (0.70710678118654752 as f32)) {
    e -= 1;
    f += m;
  }
  const z = f * f;
  let y = fma(7.0376836292e-2, f, -1.151461031e-1);
  y = fma(y, f, 1.167699874e-1);
  y = fma(y, f, -1.2420140846e-1);
  y = fma(y, f, 1.4249322787e-1);
  y = fma(y, f, -1.6668057665e-1);
  y = fma(y, f, 2.0000714765e-1);
  y = fma(y, f, -2.4999993993e-1);
  y = fma(y, f, 3.3333331174e-1);
  y = fma(y * f, z, e * (-2.1219444e-4 as f32));
  return fma(e, 0.693359375, f + fma(-0.5, z, y));
}

/** The angle less j π/4, j even, in three steps; then cosine and sine of the rest, |rest| <= π/4, and their signs. */
function cosSin32(x: f32): v128 {
  const j = (((x * (1.27323954473516 as f32)) as i32) + 1) & ~1;
  const octants = j as f32;
  let r = fma(octants, -0.78515625, x);
  r = fma(octants, -2.4187564849853515625e-4, r);
  r = fma(octants, -3.77489497744594108e-8, r);
  const z = r * r;
  const c = fma(fma(2.443315711809948e-5, z, -1.388731625493765e-3), z, 4.166664568298827e-2);
  const s = fma(fma(-1.9515295891e-4, z, 8.3321608736e-3), z, -1.6666654611e-1);
  const cos = fma(c * z, z, -0.5 * z) + 1;
  const sin = fma(s * z, r, r);
  const crossed = (j & 2) != 0;
  const first = crossed ? sin : cos;
  const second = crossed ? cos : sin;
  return f32x4((j + 2) & 4 ? -first : first, j & 4 ? -second : second, 0, 0);
}

/** log x = e log 2 + log(1 + f) with √½ <= 1 + f < √2, log(1 + f) = f - f²/2 + s (f²/2 + R(s²)), s = f / (2 + f). */
function log64(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let e = ((bits >> 52) as f64) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m >= 1.4142135623730951) {
    e += 1;
    m *= 0.5;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = z * (6.666666666666735130e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const half = 0.5 * f * f;
  return e * 6.93147180369123816490e-1 - (half - (s * (half + (even + odd)) + e * 1.90821492927058770002e-10) - f);
}

/** The angle less n π/2, as r + t with π/2 taken in three parts; then cosine and sine of r + t, |r| <= π/4. */
function cosSin64(x: f64): v128 {
  const n = nearest(x * 6.36619772367581382433e-1);
  const a = x - n * 1.57079632673412561417;
  const b = n * 6.07710050630396597660e-11;
  const d = a - b;
  const rest = n * 2.02226624879595063154e-21 - (a - d - b);
  const r = d - rest;
  const t = d - r - rest;
  const z = r * r;
  const w = z * z;
  const c = z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5))
    + w * w * (-2.75573143513906633035e-7 + z * (2.08757232129817482790e-9 + z * -1.13596475577881948265e-11));
  const s = 8.33333333332248946124e-3 + z * (-1.98412698298579493134e-4 + z * 2.75573137070700676789e-6)
    + z * w * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10);
  const half = 0.5 * z;
  const near = 1 - half;
  const cos = near + (1 - near - half + (z * c - r * t));
  const sin = r - (z * (0.5 * t - z * r * s) - t - z * r * -1.66666666666666324348e-1);
  const quadrant = n as i32;
  const crossed = (quadrant & 1) != 0;
  const first = crossed ? sin : cos;
  const second = crossed ? cos : sin;
  return f64x2((quadrant + 1) & 2 ? -first : first, quadrant & 2 ? -second : second);
}
