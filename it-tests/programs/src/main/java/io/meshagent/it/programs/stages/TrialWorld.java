package io.meshagent.it.programs.stages;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.PlanSource;
import io.meshagent.core.call.Stage;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.GrpcInternals;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.client.ClientCalls;
import io.meshagent.grpc.server.ServerCalls;
import io.meshagent.it.programs.stages.TrialStages.Tally;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server and a channel to it, with a stage in the pipeline of one side. */
final class TrialWorld implements AutoCloseable {

  final TrialMesh mesh = new TrialMesh();
  final Tally tally = new Tally();
  final TrialService service = new TrialService();
  final Server server;
  final ManagedChannel channel;
  private final Side side;
  private final Stage stage;
  private final ExecutorService app = executor("app-");

  /**
   * @param direct whether the server has no executor
   */
  TrialWorld(Side side, Stage stage, boolean direct) throws Exception {
    this.side = side;
    this.stage = stage;
    ServerBuilder<?> builder = ServerBuilder.forPort(0);
    ServerServiceDefinition definition =
        governed(ServerInterceptors.intercept(service.definition(), service));
    builder = direct ? builder.directExecutor() : builder.executor(app);
    server = builder.addService(definition).build().start();
    Through through = new Through();
    channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .usePlaintext()
            .executor(app)
            .intercept(through)
            .build();
    Object wrapped = GrpcInternals.field(channel, "delegate");
    through.channel = wrapped == null ? channel : wrapped;
  }

  private static ExecutorService executor(String prefix) {
    AtomicInteger made = new AtomicInteger();
    return Executors.newFixedThreadPool(
        4,
        task -> {
          Thread thread = new Thread(task, prefix + made.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private PlanSource plans(Side of) {
    return (asked, method, streaming) -> {
      CallPlan plan = new CallPlan(asked, method, null);
      plan.install(of == side ? new Stage[] {tally, stage} : new Stage[0], 0);
      return plan;
    };
  }

  private ServerServiceDefinition governed(ServerServiceDefinition definition) {
    ServerCalls calls = new ServerCalls(mesh, new MethodPlans(plans(Side.SERVER)), null);
    ServerServiceDefinition.Builder builder =
        ServerServiceDefinition.builder(definition.getServiceDescriptor());
    definition
        .getMethods()
        .forEach(
            method -> builder.addMethod((ServerMethodDefinition<?, ?>) calls.governed(method)));
    return builder.build();
  }

  /** What nobody holds any more, and what of ours has failed. */
  String rest() {
    Waiting.until("nothing is held", () -> tally.open.get() == 0);
    return tally.last + (mesh.failures.isEmpty() ? "" : " failed " + mesh.failures.size());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    Waiting.until("all is shut down", () -> channel.isTerminated() && server.isTerminated());
    app.shutdownNow();
  }

  /** Where the agent has its hook, calls are made by the adapter. */
  private final class Through implements ClientInterceptor {
    private final ClientCalls calls =
        new ClientCalls(mesh, new MethodPlans(plans(Side.CLIENT)), new Channels(mesh), true, null);
    private volatile Object channel;

    @Override
    @SuppressWarnings("unchecked")
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      return (ClientCall<A, B>) calls.newCall(channel, next, method, options);
    }
  }
}
