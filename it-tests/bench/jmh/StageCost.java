package io.meshagent.bench;

import io.meshagent.core.call.CallPlan;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call costs that passes one stage and has nothing else around it: what it takes more than
 * that of NOTHING is the stage's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StageCost {

  @Param public Governed by;

  private final BenchAgent agent = new BenchAgent();
  private CallPlan plan;

  @Setup
  public void compile() {
    plan = by.plan();
  }

  @Benchmark
  public boolean call() {
    return new BareCall(plan, agent).live();
  }
}
