package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a program pays that calls many services, each over a channel of its own: the instances of
 * all services, which are real servers, and the client that is measured.
 *
 * <p>{@code serve ETCD PREFIX SERVICES INSTANCES}, until its stdin ends; {@code client SERVICES},
 * with the agent. Prints one line of key=value.
 */
public final class ChannelScale {

  private ChannelScale() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("serve")) {
      serve(new Fleet(args[1], args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    } else {
      call(Integer.parseInt(args[1]));
    }
  }

  private static void serve(Fleet fleet, int services, int instances) throws Exception {
    for (int instance = 0; instance < instances; instance++) {
      ServerBuilder<?> builder = ServerBuilder.forPort(0).directExecutor();
      for (int service = 0; service < services; service++) {
        builder.addService(Named.service(Fleet.service(service), new Silent()));
      }
      Server server = builder.build().start();
      for (int service = 0; service < services; service++) {
        fleet.put(service, "127.0.0.1:" + server.getPort(), 1);
      }
    }
    fleet.flush();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Until whoever started this is gone.
    }
  }

  private static void call(int services) throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    long before = usedKilobytes();
    int filesBefore = openFiles();
    long cpu = cpuMillis();
    for (int service = 0; service < services; service++) {
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("localhost", 1).usePlaintext().build();
      channels.add(channel);
      HelloReply unused =
          ClientCalls.blockingUnaryCall(
              channel,
              Named.sayHello(Fleet.service(service)),
              CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
              HelloRequest.getDefaultInstance());
    }
    int files = openFiles();
    for (int same = 0; same < 10; same++) {
      TimeUnit.MILLISECONDS.sleep(300);
      int now = openFiles();
      same = now == files ? same : 0;
      files = now;
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "channels=%d sockets=%d heap_kb=%d cpu_ms=%d threads=%d",
            channels.size(),
            files - filesBefore,
            usedKilobytes() - before,
            cpuMillis() - cpu,
            ManagementFactory.getThreadMXBean().getThreadCount()));
  }

  private static long usedKilobytes() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(100);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least / 1024;
  }

  private static int openFiles() throws IOException {
    String[] names = new File("/proc/self/fd").list();
    if (names == null) {
      throw new IOException("no /proc here");
    }
    return names.length;
  }

  private static long cpuMillis() {
    com.sun.management.OperatingSystemMXBean system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return TimeUnit.NANOSECONDS.toMillis(system.getProcessCpuTime());
  }

  /** Answers nothing in particular. */
  private static final class Silent extends GreeterGrpc.GreeterImplBase {

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> answer) {
      answer.onNext(HelloReply.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
