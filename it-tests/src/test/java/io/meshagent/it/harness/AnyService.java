package io.meshagent.it.harness;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Takes whatever is sent by any method, answers with an empty message, and prints the method's
 * name. Thread-safe.
 */
final class AnyService extends HandlerRegistry {

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
    MethodDescriptor<byte[], byte[]> any =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .setFullMethodName(method)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ServerMethodDefinition.create(
        any,
        ServerCalls.asyncClientStreamingCall(
            replies -> {
              System.out.println("other " + method);
              return new Taking(replies);
            }));
  }

  private record Taking(StreamObserver<byte[]> replies) implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] message) {
      // It was sent, and that is all that is asked.
    }

    @Override
    public void onError(Throwable gone) {
      // The caller is gone; there is nobody left to answer.
    }

    @Override
    public void onCompleted() {
      replies.onNext(new byte[0]);
      replies.onCompleted();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
