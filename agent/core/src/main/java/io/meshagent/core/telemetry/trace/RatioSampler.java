package io.meshagent.core.telemetry.trace;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides about traces that begin here; a trace that came in was decided about where it began.
 * Asked before there is a span, so that a call that is not sampled needs none. Immutable.
 */
final class RatioSampler {

  private final double ratio;

  RatioSampler(double ratio) {
    this.ratio = ratio;
  }

  boolean samplesNewTrace() {
    return ratio >= 1 || (ratio > 0 && ThreadLocalRandom.current().nextDouble() < ratio);
  }
}
