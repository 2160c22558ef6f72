package io.meshagent.core.hooks;

import io.meshagent.bootstrap.AgentLoader;
import io.meshagent.core.api.Adapters;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.call.PlanSource;
import io.meshagent.core.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * The adapters for each copy of gRPC in the program, made at the first hook that runs in it. They
 * are kept in the program's own class (a {@link ClassValue}), so that a closed web application
 * takes them along. Thread-safe.
 */
public final class AdaptersByLoader {

  /** In the same jar as every class that we hook, so one per copy. */
  private static final String ANCHOR = "io.grpc.internal.GrpcUtil";

  private static final String ADAPTERS = "io.meshagent.grpc.adapters.GrpcAdapters";

  private final AgentLoader agent;
  private final Mesh mesh;
  private final PlanSource plans;
  private final Consumer<String> onVersion;
  private final Instrumentation instrumentation;

  /** Null unless what gRPC's contexts run is hooked, too. */
  private final ContextClass contexts;

  /** Guarded by itself. Weak: a web application that is closed takes its own along. */
  private final Set<Adapters> made = Collections.newSetFromMap(new WeakHashMap<>());

  /** Guarded by {@link #made}. Whether copies that are met from now on are left alone. */
  private boolean over;

  private final ClassValue<Slot> byAnchor =
      new ClassValue<Slot>() {
        @Override
        protected Slot computeValue(Class<?> anchor) {
          return new Slot();
        }
      };

  /** A second step, because three classes are hooked and each is its own key. */
  private final ClassValue<Adapters> byHooked =
      new ClassValue<Adapters>() {
        @Override
        protected Adapters computeValue(Class<?> hooked) {
          return Rights.ours(() -> byAnchorOf(hooked));
        }
      };

  /**
   * @param onVersion told the version of each copy of gRPC that is met
   * @param contexts hooks the contexts of each copy; null for none
   */
  public AdaptersByLoader(
      AgentLoader agent,
      Mesh mesh,
      PlanSource plans,
      Consumer<String> onVersion,
      Instrumentation instrumentation,
      ContextClass contexts) {
    this.agent = agent;
    this.mesh = mesh;
    this.plans = plans;
    this.onVersion = onVersion;
    this.instrumentation = instrumentation;
    this.contexts = contexts;
  }

  /** The adapters for an instrumented class, or null if its gRPC can't be governed. */
  public Adapters of(Class<?> hooked) {
    return byHooked.get(hooked);
  }

  /** All that were made. There will be no others: a copy that is met later is not governed. */
  public List<Adapters> last() {
    synchronized (made) {
      over = true;
      return new ArrayList<>(made);
    }
  }

  /** Takes the hooks out of a copy's contexts, when nobody writes them any more. */
  public void unhookContexts(Class<?> ofCopy) {
    if (contexts != null) {
      contexts.unhooked(ofCopy.getClassLoader()).forEach(byHooked::remove);
    }
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

  private Adapters byAnchorOf(Class<?> hooked) {
    try {
      Class<?> anchor = Class.forName(ANCHOR, false, hooked.getClassLoader());
      return byAnchor.get(anchor).adapters(anchor);
    } catch (ClassNotFoundException e) {
      Log.warn(ANCHOR + " is missing, so this copy of gRPC is not governed", e);
      return null;
    }
  }

  private Adapters create(Class<?> anchor) {
    if (isOver()) {
      return null;
    }
    ClassLoader program = anchor.getClassLoader();
    String version = GrpcVersion.of(program);
    Set<String> off = new HashSet<>();
    Set<String> missing = new TreeSet<>();
    List<String> losses = new ArrayList<>();
    ReferenceCheck check = new ReferenceCheck(program);
    for (AdapterGroup group : AdapterGroup.values()) {
      Set<String> ofGroup = new TreeSet<>();
      for (byte[] classFile : classFiles(group)) {
        ofGroup.addAll(check.missing(classFile));
      }
      if (!ofGroup.isEmpty()) {
        off.add(group.name());
        losses.add(group.loss());
        missing.addAll(ofGroup);
      }
    }
    if (!missing.isEmpty()) {
      Log.warn(lacks(version, missing, losses));
    }
    onVersion.accept(version);
    if (off.contains(AdapterGroup.COMMON.name())) {
      return null;
    }
    AdapterLoader loader = new AdapterLoader(agent, program);
    NamedModules.open(instrumentation, anchor, loader);
    if (contexts != null) {
      mesh.asGuest(() -> contexts.hook(program));
    }
    try {
      return keep(
          Class.forName(ADAPTERS, true, loader)
              .asSubclass(Adapters.class)
              .getConstructor(Mesh.class, PlanSource.class, Set.class)
              .newInstance(mesh, plans, off));
    } catch (ReflectiveOperationException | LinkageError e) {
      Log.warn("gRPC " + version + " is not governed; the program runs on", e);
      return null;
    }
  }

  private boolean isOver() {
    synchronized (made) {
      return over;
    }
  }

  private Adapters keep(Adapters adapters) {
    synchronized (made) {
      if (over) {
        return null;
      }
      made.add(adapters);
      return adapters;
    }
  }

  /**
   * The first calls of a program come on many threads at once, and a {@link ClassValue} lets each
   * of them compute: here the first one makes the adapters, and the others wait for it.
   */
  private final class Slot {
    private boolean made;
    private Adapters adapters;

    synchronized Adapters adapters(Class<?> anchor) {
      if (!made) {
        made = true;
        adapters = create(anchor);
      }
      return adapters;
    }
  }

  /** One line, whatever is missing: all that it means, and the first member as a lead. */
  private static String lacks(String version, Set<String> missing, List<String> losses) {
    String first = missing.iterator().next().replace('/', '.');
    int more = missing.size() - 1;
    return "gRPC "
        + version
        + " has no "
        + first
        + (more > 0 ? " (and " + more + " more)" : "")
        + ", so "
        + String.join(", and ", losses)
        + "; the program runs on. All of it works with gRPC "
        + GrpcVersion.TESTED;
  }

  private List<byte[]> classFiles(AdapterGroup group) {
    try {
      return agent.classFiles(AdapterLoader.LAYER + group.folder());
    } catch (IOException e) {
      throw new UncheckedIOException("the agent's jar can't be read any more", e);
    }
  }
}
