package io.meshagent.grpc.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Rights;
import io.meshagent.grpc.base.HealthMessages;
import io.meshagent.grpc.base.Statuses;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call of the program's health service that comes from nowhere: its handler gets this as the call
 * and a message out of its own marshaller. Started and cancelled on a thread of ours, answered on
 * whatever thread the program answers on.
 */
final class HealthInquiry<A, B> extends ServerCall<A, B> implements HealthService.Inquiry {

  private final ServerMethodDefinition<A, B> definition;
  private final String service;
  private final HealthService.Listener listener;
  private final ClassLoader program;
  private final Rights rights;

  /** What watchers hang themselves on, to be told of the end. */
  private final Context.CancellableContext context = Context.ROOT.withCancellation();

  private final AtomicBoolean ended = new AtomicBoolean();

  /** Volatile: written by the thread that cancels, read by those that answer. */
  private volatile boolean cancelled;

  /** Only the thread that starts and cancels touches it. */
  private ServerCall.Listener<A> handler;

  HealthInquiry(
      ServerMethodDefinition<A, B> definition,
      String service,
      HealthService.Listener listener,
      ClassLoader program,
      Rights rights) {
    this.definition = definition;
    this.service = service;
    this.listener = listener;
    this.program = program;
    this.rights = rights;
  }

  @Override
  public void start() {
    asProgram(
        () -> {
          A request = getMethodDescriptor().parseRequest(HealthMessages.request(service));
          handler = definition.getServerCallHandler().startCall(this, new Metadata());
          handler.onReady();
          handler.onMessage(request);
          handler.onHalfClose();
          if (ended.get()) {
            handler.onComplete();
          }
        });
  }

  @Override
  public void cancel() {
    cancelled = true;
    boolean first = ended.compareAndSet(false, true);
    context.cancel(null);
    if (first && handler != null) {
      asProgram(handler::onCancel);
    }
  }

  /** Runs the program's code in its own loader, with its rights and in this call's context. */
  private void asProgram(Runnable task) {
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    thread.setContextClassLoader(program);
    Context previous = context.attach();
    try {
      rights.run(task);
    } catch (RuntimeException | Error e) {
      end(Code.UNKNOWN);
    } finally {
      context.detach(previous);
      thread.setContextClassLoader(ours);
    }
  }

  private void end(Code code) {
    if (ended.compareAndSet(false, true)) {
      context.cancel(null);
      listener.ended(code);
    }
  }

  @Override
  public void sendMessage(B message) {
    try (InputStream bytes = getMethodDescriptor().streamResponse(message)) {
      if (!ended.get()) {
        listener.status(HealthMessages.status(bytes));
      }
    } catch (IOException | RuntimeException e) {
      end(Code.INTERNAL);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    end(Statuses.code(status));
  }

  @Override
  public void request(int messages) {
    // The one message comes unasked.
  }

  @Override
  public void sendHeaders(Metadata headers) {
    // Nobody reads them.
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public MethodDescriptor<A, B> getMethodDescriptor() {
    return definition.getMethodDescriptor();
  }
}
