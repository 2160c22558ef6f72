package io.meshagent.core.hooks;

import io.meshagent.bootstrap.HookTrigger;
import io.meshagent.core.log.Log;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The copies of gRPC that the program has loaded already: puts hooks into their classes and takes
 * them out again. The VM then reads those classes anew, through whatever transformers are there. On
 * a thread of the agent's; made for one pass and thrown away.
 *
 * <p>The classes of one copy are changed together or not at all: with half of the hooks a channel
 * would be rerouted and never let go.
 */
public final class LoadedCopies {

  /** Classes may be on their way in while the others are counted. */
  private static final int ROUNDS = 3;

  private final Instrumentation instrumentation;
  private final Set<Class<?>> done = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<ClassLoader, Class<?>> copies = new IdentityHashMap<>();
  private final Set<ClassLoader> failed = Collections.newSetFromMap(new IdentityHashMap<>());

  public LoadedCopies(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /** Whether there is any. */
  public static boolean exist(Instrumentation instrumentation) {
    return !new LoadedCopies(instrumentation).found().isEmpty();
  }

  /** A class of each copy, as it is. */
  public Collection<Class<?>> now() {
    List<Class<?>> one = new ArrayList<>();
    found().values().forEach(classes -> one.add(classes.get(0)));
    return one;
  }

  /**
   * Has the VM read the classes of every copy anew.
   *
   * @param loss what it means for a copy if that fails, as half a sentence
   * @return a class of each copy for which it went well
   */
  public Collection<Class<?>> readAnew(String loss) {
    for (int i = 0; i < ROUNDS; i++) {
      IdentityHashMap<ClassLoader, List<Class<?>>> found = found();
      if (found.isEmpty()) {
        break;
      }
      found.forEach((loader, classes) -> readAnew(loader, classes, loss));
    }
    copies.keySet().removeAll(failed);
    return new ArrayList<>(copies.values());
  }

  /** Every class with hooks, whatever became of it. */
  public Collection<Class<?>> classes() {
    return new ArrayList<>(done);
  }

  private IdentityHashMap<ClassLoader, List<Class<?>>> found() {
    IdentityHashMap<ClassLoader, List<Class<?>>> found = new IdentityHashMap<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      ClassLoader loader = type.getClassLoader();
      if (HookTrigger.isHooked(type.getName().replace('.', '/'))
          && loader != null
          && !HookTrigger.isAgents(loader)
          && !done.contains(type)) {
        found.computeIfAbsent(loader, unused -> new ArrayList<>()).add(type);
      }
    }
    return found;
  }

  private void readAnew(ClassLoader loader, List<Class<?>> classes, String loss) {
    done.addAll(classes);
    copies.putIfAbsent(loader, classes.get(0));
    try {
      instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError | InternalError e) {
      failed.add(loader);
      Log.warn(
          "the JVM did not change the gRPC of a "
              + loader.getClass().getName()
              + ", so "
              + loss
              + "; the program runs on",
          e);
    }
  }
}
