package io.meshagent.bench;

import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.grpc.base.MethodPlans;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
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
 * What it takes to find the plan of a call's method among so many: by its descriptor, as each call
 * does, and by its name, as the first call over a descriptor does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlanCost {

  @Param({"1", "90"})
  public int methods;

  private PlanCompiler compiler;
  private MethodPlans plans;
  private MethodDescriptor<byte[], byte[]>[] descriptors;
  private int next;

  @Setup
  @SuppressWarnings("unchecked")
  public void know() {
    compiler = new PlanCompiler(TestSettings.defaults(), null, System::nanoTime, name -> null);
    plans = new MethodPlans(compiler::plan);
    descriptors = new MethodDescriptor[methods];
    for (int i = 0; i < methods; i++) {
      descriptors[i] =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("bench.Service" + i % 10 + "/Call" + i)
              .setRequestMarshaller(new Bytes())
              .setResponseMarshaller(new Bytes())
              .build();
      if (!plans.client(descriptors[i]).isKept()) {
        throw new AssertionError("more methods than are kept");
      }
    }
  }

  private MethodDescriptor<byte[], byte[]> method() {
    next = next + 1 == methods ? 0 : next + 1;
    return descriptors[next];
  }

  @Benchmark
  public CallPlan byDescriptor() {
    return plans.client(method());
  }

  @Benchmark
  public CallPlan byName() {
    return compiler.plan(Side.CLIENT, method().getFullMethodName(), MethodKind.UNARY);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
