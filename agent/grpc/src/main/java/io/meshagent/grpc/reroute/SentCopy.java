package io.meshagent.grpc.reroute;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.meshagent.core.api.Copies;
import io.meshagent.grpc.base.CopiedCall;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A copy of a call on its way: over one connection, without interceptors, retries or policies.
 * Thread-safe; ends once.
 */
final class SentCopy extends ClientCall.Listener<Boolean> {

  /** As long at most, whatever time the call itself has: a place is taken all the while. */
  private static final long LONGEST_SECONDS = 30;

  /** The answer is not even read. */
  private static final MethodDescriptor.Marshaller<Boolean> THROWN_AWAY =
      new MethodDescriptor.Marshaller<Boolean>() {
        @Override
        public InputStream stream(Boolean value) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Boolean parse(InputStream stream) {
          return true;
        }
      };

  private final CopiedCall of;
  private final Consumer<SentCopy> onEnd;
  private final AtomicBoolean over = new AtomicBoolean();

  /** Volatile: set by who starts it, read by who cancels it. Null until then. */
  private volatile ClientCall<?, Boolean> call;

  /** For a copy that was begun. */
  SentCopy(CopiedCall of, Consumer<SentCopy> onEnd) {
    this.of = of;
    this.onEnd = onEnd;
  }

  /** Reads the message again and sends it. */
  void start(Channel to) {
    try {
      start(to, of.method());
    } catch (Throwable e) {
      cancel();
    }
  }

  private <A> void start(Channel to, MethodDescriptor<A, ?> method) {
    ClientCall<A, Boolean> made =
        to.newCall(method.toBuilder(method.getRequestMarshaller(), THROWN_AWAY).build(), options());
    call = made;
    if (over.get()) {
      return;
    }
    made.start(this, of.headers());
    made.request(2);
    @SuppressWarnings("unchecked") // It was sent by this method.
    A message = (A) of.message();
    made.sendMessage(message);
    made.halfClose();
  }

  private CallOptions options() {
    CallOptions original = of.options();
    Deadline longest = Deadline.after(LONGEST_SECONDS, TimeUnit.SECONDS);
    Deadline own = original.getDeadline();
    CallOptions options =
        CallOptions.DEFAULT
            .withExecutor(Runnable::run)
            .withDeadline(own == null ? longest : own.minimum(longest));
    if (original.getAuthority() != null) {
      options = options.withAuthority(original.getAuthority());
    }
    return original.getCompressor() == null
        ? options
        : options.withCompression(original.getCompressor());
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end(status.isOk() ? Copies.End.OK : Copies.End.FAILED);
  }

  /** Nobody waits for it any more. */
  void cancel() {
    end(Copies.End.FAILED);
    ClientCall<?, Boolean> made = call;
    if (made != null) {
      made.cancel("mesh-agent: a copy that nobody waits for", null);
    }
  }

  private void end(Copies.End how) {
    if (over.compareAndSet(false, true)) {
      onEnd.accept(this);
      of.to().end(how);
    }
  }
}
