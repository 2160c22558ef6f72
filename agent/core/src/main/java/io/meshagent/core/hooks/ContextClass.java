package io.meshagent.core.hooks;

import io.meshagent.core.log.Log;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;

/**
 * gRPC's {@code Context}, which the program may have loaded long before anything of gRPC that is
 * hooked as it comes: the VM reads it anew when its copy of gRPC is met, and again when the agent
 * goes. Thread-safe.
 */
public final class ContextClass {

  /** Those of a server's calls. */
  private static final String OF_SERVERS = HookTable.CONTEXT + "$CancellableContext";

  private final Instrumentation instrumentation;

  public ContextClass(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /** The contexts of this loader's gRPC. What they run on before is not changed. */
  void hook(ClassLoader grpc) {
    readAnew(
        grpc, "its lines of the log have no ids where it goes on by Context.wrap (tracing.mdc)");
  }

  /**
   * The hooks are taken out, if nobody writes them any more.
   *
   * @return the classes whose objects had them
   */
  List<Class<?>> unhooked(ClassLoader grpc) {
    readAnew(grpc, "its contexts keep hooks that do nothing");
    List<Class<?>> classes = new ArrayList<>();
    for (String name : new String[] {HookTable.CONTEXT, OF_SERVERS}) {
      Class<?> type = find(name, grpc);
      if (type != null) {
        classes.add(type);
      }
    }
    return classes;
  }

  private void readAnew(ClassLoader grpc, String loss) {
    Class<?> type = find(HookTable.CONTEXT, grpc);
    if (type == null) {
      return;
    }
    try {
      instrumentation.retransformClasses(type);
    } catch (UnmodifiableClassException | RuntimeException | LinkageError | InternalError e) {
      Log.warn("the JVM did not change a gRPC's Context, so " + loss + "; the program runs on", e);
    }
  }

  /** Null where it is another loader's, whose gRPC would not be known by it. */
  private static Class<?> find(String name, ClassLoader grpc) {
    try {
      Class<?> type = Class.forName(name, false, grpc);
      return type.getClassLoader() == grpc ? type : null;
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }
}
