// The two instances of every pass; each takes the address of a Frame.

import { forward } from './forward';
import { Frame } from './frame';
import { fused } from './fused';
import { stepwise } from './stepwise';

export function forward_f32(frame: usize): void {
  forward<f32>(changetype<Frame>(frame));
}
export function forward_f64(frame: usize): void {
  forward<f64>(changetype<Frame>(frame));
}
export function stepwise_f32(frame: usize): void {
  stepwise<f32>(changetype<Frame>(frame));
}
export function stepwise_f64(frame: usize): void {
  stepwise<f64>(changetype<Frame>(frame));
}
export function fused_f32(frame: usize): void {
  fused<f32>(changetype<Frame>(frame));
}
export function fused_f64(frame: usize): void {
  fused<f64>(changetype<Frame>(frame));
}
