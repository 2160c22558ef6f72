package io.meshagent.core.telemetry.metrics;

import java.util.concurrent.atomic.DoubleAdder;

/**
 * What simpleclient counts with inside the agent: packaging renames its {@code
 * io.prometheus.client.DoubleAdder}, a copy from before Java 8, to this class with the same
 * methods. The copy needs {@code sun.misc.Unsafe}, which the agent's loader hides because the JVM
 * warns of its use from version 24 on. Thread-safe like the JDK's adder.
 */
public final class JdkDoubleAdder extends Number {

  private final DoubleAdder value = new DoubleAdder();

  public void add(double x) {
    value.add(x);
  }

  public double sum() {
    return value.sum();
  }

  public void reset() {
    value.reset();
  }

  /** Not atomic: an addition at the same time may be lost, as with the class this stands for. */
  public void set(double x) {
    value.reset();
    value.add(x);
  }

  public double sumThenReset() {
    return value.sumThenReset();
  }

  @Override
  public double doubleValue() {
    return value.sum();
  }

  @Override
  public long longValue() {
    return value.longValue();
  }

  @Override
  public int intValue() {
    return value.intValue();
  }

  @Override
  public float floatValue() {
    return value.floatValue();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
