package io.meshagent.core.hooks;

import io.meshagent.bootstrap.AgentLoader;
import io.meshagent.core.api.Adapters;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The adapters for each copy of gRPC in the program, made at the first hook that runs in it. They
 * are kept in the program's own class (a {@link ClassValue}), so that a closed web application
 * takes them along. Thread-safe.
 */
public final class AdaptersByLoader {

  /** In the same jar as every class that we hook, so one per copy. */
  private static final String ANCHOR = "io.grpc.internal.GrpcUtil";

  private static final String ADAPTERS = "io.meshagent.grpc.GrpcAdapters";

  private final AgentLoader agent;
  private final Mesh mesh;
  private final Consumer<String> onVersion;

  private final ClassValue<Adapters> byAnchor =
      new ClassValue<Adapters>() {
        @Override
        protected Adapters computeValue(Class<?> anchor) {
          return create(anchor.getClassLoader());
        }
      };

  /** A second step, because three classes are hooked and each is its own key. */
  private final ClassValue<Adapters> byHooked =
      new ClassValue<Adapters>() {
        @Override
        protected Adapters computeValue(Class<?> hooked) {
          try {
            return byAnchor.get(Class.forName(ANCHOR, false, hooked.getClassLoader()));
          } catch (ClassNotFoundException e) {
            Log.warn(ANCHOR + " is missing, so this copy of gRPC is not governed", e);
            return null;
          }
        }
      };

  /**
   * @param onVersion told the version of each copy of gRPC that is met
   */
  public AdaptersByLoader(AgentLoader agent, Mesh mesh, Consumer<String> onVersion) {
    this.agent = agent;
    this.mesh = mesh;
    this.onVersion = onVersion;
  }

  /** The adapters for an instrumented class, or null if its gRPC can't be governed. */
  public Adapters of(Class<?> hooked) {
    return byHooked.get(hooked);
  }

  /** The class keeps nothing of ours any longer. */
  public void forget(Class<?> hooked) {
    byHooked.remove(hooked);
    try {
      byAnchor.remove(Class.forName(ANCHOR, false, hooked.getClassLoader()));
    } catch (ClassNotFoundException e) {
      // Then nothing was kept there.
      return;
    }
  }

  private Adapters create(ClassLoader program) {
    String version = GrpcVersion.of(program);
    Set<String> off = new HashSet<>();
    ReferenceCheck check = new ReferenceCheck(program);
    for (AdapterGroup group : AdapterGroup.values()) {
      Set<String> missing = new TreeSet<>();
      for (byte[] classFile : classFiles(group)) {
        missing.addAll(check.missing(classFile));
      }
      if (!missing.isEmpty()) {
        off.add(group.name());
        Log.warn(
            "gRPC "
                + version
                + " has no "
                + missing.iterator().next()
                + (missing.size() > 1 ? " (and " + (missing.size() - 1) + " more)" : "")
                + ", so "
                + group.loss()
                + "; the program runs on");
      }
    }
    onVersion.accept(version);
    if (off.contains(AdapterGroup.COMMON.name())) {
      return null;
    }
    try {
      return Class.forName(ADAPTERS, true, new AdapterLoader(agent, program))
          .asSubclass(Adapters.class)
          .getConstructor(Mesh.class, Set.class)
          .newInstance(mesh, off);
    } catch (ReflectiveOperationException | LinkageError e) {
      Log.warn("gRPC " + version + " is not governed; the program runs on", e);
      return null;
    }
  }

  private List<byte[]> classFiles(AdapterGroup group) {
    try {
      return agent.classFiles(AdapterLoader.LAYER + group.folder());
    } catch (IOException e) {
      throw new UncheckedIOException("the agent's jar can't be read any more", e);
    }
  }
}
