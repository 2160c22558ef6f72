package io.meshagent.core.balance;

/** Sums over weights. Stateless. */
final class Weights {

  private Weights() {}

  static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  static double greatest(double[] weights) {
    double greatest = 0;
    for (double weight : weights) {
      greatest = Math.max(greatest, weight);
    }
    return greatest;
  }

  static boolean areEqual(double[] weights) {
    for (double weight : weights) {
      if (weight != weights[0]) {
        return false;
      }
    }
    return true;
  }

  /** The same weights with a mean of 1; all 1 if there is no sum. */
  static double[] normalized(double[] weights) {
    double mean = sum(weights) / weights.length;
    double[] normalized = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      normalized[i] = mean == 0 ? 1 : weights[i] / mean;
    }
    return normalized;
  }
}
