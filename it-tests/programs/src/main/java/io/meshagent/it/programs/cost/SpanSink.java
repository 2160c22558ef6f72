package io.meshagent.it.programs.cost;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerMethodDefinition;
import io.grpc.stub.ServerCalls;
import io.meshagent.it.programs.Commands;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A collector that takes whatever is sent by any unary method, as OTLP's are, and throws it away.
 * Says {@code port <n>} when it listens. On stdin: {@code bytes} (how many came so far), {@code
 * quit}.
 */
public final class SpanSink extends HandlerRegistry {

  private final AtomicLong bytes = new AtomicLong();

  private SpanSink() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    SpanSink sink = new SpanSink();
    Server server = ServerBuilder.forPort(0).fallbackHandlerRegistry(sink).build().start();
    System.out.println("port " + server.getPort());
    Commands.follow(words -> System.out.println("bytes=" + sink.bytes));
    boolean unused = server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
    return ServerMethodDefinition.create(
        MethodDescriptor.<Long, Long>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(new Length())
            .setResponseMarshaller(new Length())
            .build(),
        ServerCalls.asyncUnaryCall(
            (length, replies) -> {
              bytes.addAndGet(length);
              replies.onNext(0L);
              replies.onCompleted();
            }));
  }

  /** All that is kept of a message; an answer is an empty one. */
  private static final class Length implements MethodDescriptor.Marshaller<Long> {

    @Override
    public InputStream stream(Long length) {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public Long parse(InputStream message) {
      try {
        byte[] part = new byte[8_192];
        long length = 0;
        for (int read = message.read(part); read >= 0; read = message.read(part)) {
          length += read;
        }
        return length;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
