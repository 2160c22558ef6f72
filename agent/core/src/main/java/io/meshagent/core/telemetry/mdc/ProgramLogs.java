package io.meshagent.core.telemetry.mdc;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.LogContext;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Survived;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The log contexts of one part of the program: of the libraries that the loader of its gRPC, or one
 * above it, has loaded. Which those are is looked up when the first call comes and again now and
 * then, because a library that the program never logs with is not to begin with us: that could
 * write lines, read files and fix a configuration which the program is still about to make.
 */
public final class ProgramLogs implements LogContext {

  /** As OpenTelemetry's conventions call them. */
  static final String TRACE = "trace_id";

  static final String SPAN = "span_id";

  private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(1);

  private final ClassLoader grpc;
  private final Supplier<Class<?>[]> loaded;
  private final Agent agent;

  /** Guarded by this. The loggers that were seen, with a log context or without. */
  private final Set<Class<?>> known = Collections.newSetFromMap(new WeakHashMap<>());

  /** Guarded by this. */
  private long pause = FIRST_PAUSE;

  /** In the clock of the agent. */
  private final AtomicLong nextLook = new AtomicLong();

  /** Volatile: replaced as a whole by looks, read by each call. Null until the first look. */
  private volatile Mdc[] used;

  /**
   * @param grpc the loader of the program's gRPC
   * @param loaded all classes of this JVM
   */
  public ProgramLogs(ClassLoader grpc, Supplier<Class<?>[]> loaded, Agent agent) {
    this.grpc = grpc;
    this.loaded = loaded;
    this.agent = agent;
  }

  @Override
  public Object enter(String trace, String span) {
    Entered last = null;
    Mdc asked = null;
    try {
      for (Mdc mdc : used()) {
        if (!mdc.isBroken()) {
          asked = mdc;
          last = Entered.put(mdc, TRACE, trace, last);
          last = Entered.put(mdc, SPAN, span, last);
        }
      }
    } catch (Throwable e) {
      if (asked != null) {
        asked.broke();
      }
      Survived.tell(agent, "log context", e);
    }
    return last;
  }

  /** Last first: one log context may stand for another. */
  @Override
  public void leave(Object entered) {
    for (Entered each = (Entered) entered; each != null; each = each.earlier()) {
      try {
        each.takeOut();
      } catch (Throwable e) {
        Survived.tell(agent, "log context", e);
      }
    }
  }

  private Mdc[] used() {
    Mdc[] now = used;
    if (now == null) {
      return firstLook();
    }
    long due = nextLook.get();
    if (agent.nanoTime() - due >= 0 && nextLook.compareAndSet(due, due + LONGEST_PAUSE)) {
      agent.asGuest(this::look);
    }
    return now;
  }

  /** The first calls come at once, and each is to have its ids: the others wait for the first. */
  private synchronized Mdc[] firstLook() {
    if (used == null) {
      look();
    }
    return used;
  }

  private synchronized void look() {
    Mdc[] found = found();
    int before = used == null ? 0 : used.length;
    Mdc[] all = before == 0 ? found : Arrays.copyOf(used, before + found.length);
    System.arraycopy(found, 0, all, before, found.length);
    nextLook.set(agent.nanoTime() + pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    used = all;
  }

  private Mdc[] found() {
    try {
      return Rights.ours(this::newlyUsed);
    } catch (Throwable e) {
      Survived.tell(agent, "log context", e);
      return new Mdc[0];
    }
  }

  private synchronized Mdc[] newlyUsed() {
    List<Mdc> found = new ArrayList<>();
    for (Class<?> type : loaded.get()) {
      Library library = Library.of(type.getName());
      if (library != null && isAbove(type.getClassLoader()) && known.add(type)) {
        Mdc mdc = mdcOf(library, type);
        if (mdc != null) {
          found.add(mdc);
        }
      }
    }
    return found.toArray(new Mdc[0]);
  }

  /** Null if some part of it is not there: then the program has no such log context. */
  private static Mdc mdcOf(Library library, Class<?> logger) {
    try {
      return Mdc.of(library, logger);
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  /** Whether the program's gRPC sees what this loader has; another web application's it doesn't. */
  private boolean isAbove(ClassLoader loader) {
    for (ClassLoader each = grpc; each != null; each = each.getParent()) {
      if (each == loader) {
        return true;
      }
    }
    return false;
  }
}
