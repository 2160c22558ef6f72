package io.meshagent.core.engine;

import io.meshagent.core.api.Adapters;
import io.meshagent.core.api.TakenOver;
import io.meshagent.core.hooks.AdaptersByLoader;
import io.meshagent.core.hooks.DoorReach;
import io.meshagent.core.hooks.HookWriter;
import io.meshagent.core.hooks.LoadedCopies;
import io.meshagent.core.log.Log;
import java.lang.instrument.Instrumentation;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Takes over a program that runs already, and gives one back, however the agent came into it. On
 * the thread of an order, which may wait; the program's threads never do.
 *
 * <p>Each step leaves a program that works. Coming in: first the directory is known, then hooks are
 * written, then what is there is taken over. Going out, the other way round: channels get their own
 * pickers back, servers leave the registry, and only then the hooks go.
 */
public final class Attachment {

  private final Engine engine;
  private final AdaptersByLoader adapters;
  private final DoorReach reach;
  private final HookWriter hooks;
  private final Instrumentation instrumentation;

  /**
   * Only orders touch it, one after the other. Weak: a web application that is closed takes its own
   * along.
   */
  private final Set<Adapters> takenOver = Collections.newSetFromMap(new WeakHashMap<>());

  Attachment(
      Engine engine,
      AdaptersByLoader adapters,
      DoorReach reach,
      HookWriter hooks,
      Instrumentation instrumentation) {
    this.engine = engine;
    this.adapters = adapters;
    this.reach = reach;
    this.hooks = hooks;
    this.instrumentation = instrumentation;
  }

  /**
   * Governs what is there.
   *
   * @return what that is, for people: {@code gRPC 1.45.4: 1 server, 3 channels}; null if no copy of
   *     gRPC could be governed
   */
  public String takeOver() {
    // Until then a call for any service would have to wait for the first list.
    engine.awaitDirectory();
    LoadedCopies loaded = new LoadedCopies(instrumentation);
    // Made here, because the first hook to run would make them on the program's thread.
    loaded.now().forEach(adapters::of);
    Collection<Class<?>> copies = loaded.readAnew("it is not governed");
    for (Class<?> copy : copies) {
      Adapters made = hooks.refused(copy.getClassLoader()) ? null : adapters.of(copy);
      if (made != null) {
        takenOver.add(made);
      }
    }
    if (takenOver.isEmpty()) {
      return null;
    }
    TakenOver found = look();
    return "gRPC " + engine.grpcVersions() + ": " + found;
  }

  /** Looks at everything there is. May be called again. */
  public TakenOver look() {
    TakenOver found = TakenOver.NOTHING;
    for (Adapters each : takenOver) {
      try {
        found = found.plus(each.takeOver());
      } catch (RuntimeException | LinkageError e) {
        engine.failed("taking over", e);
      }
    }
    return found;
  }

  /**
   * Lets the program go.
   *
   * @param removeTrigger after it no class is hooked any more
   * @return false if the JVM is about to end, which does the rest
   */
  public boolean giveBack(Runnable removeTrigger) {
    for (Adapters each : adapters.last()) {
      try {
        each.giveBack();
      } catch (RuntimeException | LinkageError e) {
        engine.failed("giving back", e);
      }
    }
    takenOver.clear();
    if (!engine.leave()) {
      return false;
    }
    reach.shut();
    removeTrigger.run();
    LoadedCopies loaded = new LoadedCopies(instrumentation);
    loaded.readAnew("its hooks stay, and do nothing").forEach(adapters::unhookContexts);
    loaded.classes().forEach(adapters::forget);
    engine.close();
    Log.announce("mesh-agent has let go of this program");
    Log.release();
    return true;
  }
}
