// The two instances of every pass; each takes the address of a Frame.

import { forward } from './forward';
import { Frame } from './frame';
import { fused, workspaceBytes } from './fused/index';
import { stepwise } from './stepwise';
import { Examples, train } from './train';

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
export function train_f32(frame: usize, examples: usize, losses: usize, rates: usize, steps: usize, byStep: bool): void {
  train<f32>(changetype<Frame>(frame), changetype<Examples>(examples), losses, rates, steps, byStep);
}
export function train_f64(frame: usize, examples: usize, losses: usize, rates: usize, steps: usize, byStep: bool): void {
  train<f64>(changetype<Frame>(frame), changetype<Examples>(examples), losses, rates, steps, byStep);
}
export function workspaceBytes_f32(frame: usize): usize {
  return workspaceBytes<f32>(changetype<Frame>(frame));
}
export function workspaceBytes_f64(frame: usize): usize {
  return workspaceBytes<f64>(changetype<Frame>(frame));
}
