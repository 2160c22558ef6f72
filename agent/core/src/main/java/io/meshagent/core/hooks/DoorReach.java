package io.meshagent.core.hooks;

import io.meshagent.bootstrap.Door;
import io.meshagent.core.log.Log;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.Collections;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Sees to it that instrumented classes find the {@link Door}, and opens it. Most loaders ask the
 * system loader, where it is. For those that don't (some containers) the agent's jar is appended to
 * the bootstrap search, then and only then, because the VM prints a line about class sharing for
 * it; the copy of the Door that appears there is opened too.
 *
 * <p>Called while the program's loaders load classes; thread-safe.
 */
public final class DoorReach {

  private static final String CLASS = ".class";

  private final Instrumentation instrumentation;
  private final File jar;

  /** Guarded by this. */
  private Function<Object[], Object> handler;

  /** Guarded by this: whether the hooks of streams reach it, too. */
  private boolean forStreams;

  /** Guarded by this. */
  private boolean appended;

  public DoorReach(Instrumentation instrumentation, File jar) {
    this.instrumentation = instrumentation;
    this.jar = jar;
  }

  /** From now on hooks reach the engine. */
  public synchronized void open(Function<Object[], Object> newHandler) {
    handler = newHandler;
    Door.open(newHandler, instrumentation);
    // An engine that was here before this one may have appended it.
    appended |= isInBootstrap();
    if (appended) {
      openCopy();
    }
    passToStreams();
  }

  /** Whether the hooks of streams reach the engine, too, which costs each call something. */
  public synchronized void openForStreams(boolean streams) {
    if (streams != forStreams) {
      forStreams = streams;
      passToStreams();
    }
  }

  private void passToStreams() {
    Function<Object[], Object> to = forStreams ? handler : null;
    Door.openForStreams(to, instrumentation);
    if (appended) {
      openCopy("openForStreams", to);
    }
  }

  /** From now on hooks change nothing. */
  public synchronized void shut() {
    open(null);
  }

  /**
   * Loads what is left of our few classes in the system loader, so that the jar may be replaced
   * while the program runs: the VM would look for them in the file that it has opened.
   */
  public void loadAll() {
    try (JarFile file = new JarFile(jar)) {
      loadOurs(file);
    } catch (IOException | ClassNotFoundException | LinkageError e) {
      Log.debug("not all of the agent's own classes could be loaded", e);
    }
  }

  /** Whether classes of this loader can call a Door, after doing what can be done for it. */
  boolean canReach(ClassLoader loader) {
    if (sees(loader)) {
      return true;
    }
    append();
    boolean reached = sees(loader);
    if (!reached) {
      Log.warnOnce(
          "door " + loader.getClass().getName(),
          "gRPC in a "
              + loader.getClass().getName()
              + " is not governed, because that loader shows it neither the system's nor the"
              + " bootstrap loader's classes; the program runs on. A framework of OSGi shows them with"
              + " org.osgi.framework.bootdelegation=io.meshagent.bootstrap.");
    }
    return reached;
  }

  /**
   * By {@code forName} and not by the loader's own method: the VM then keeps what it found, also
   * from loaders that look who is asking and would tell gRPC's classes something else than us.
   */
  private static boolean sees(ClassLoader loader) {
    try {
      Class.forName(Door.class.getName(), false, loader);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private synchronized void append() {
    if (appended) {
      return;
    }
    appended = true;
    try (JarFile file = new JarFile(jar)) {
      loadOurs(file);
      instrumentation.appendToBootstrapClassLoaderSearch(file);
      openCopy();
      passToStreams();
    } catch (IOException | ClassNotFoundException e) {
      Log.warn("the agent's jar can't be read any more", e);
    }
  }

  /**
   * From then on the system loader finds our classes in the bootstrap loader first, where those
   * that are loaded already would not know them.
   */
  private static void loadOurs(JarFile file) throws ClassNotFoundException {
    String ours = Door.class.getPackage().getName();
    for (JarEntry entry : Collections.list(file.entries())) {
      String name = entry.getName().replace('/', '.');
      if (name.startsWith(ours) && name.endsWith(CLASS)) {
        Class.forName(
            name.substring(0, name.length() - CLASS.length()), false, Door.class.getClassLoader());
      }
    }
  }

  private static boolean isInBootstrap() {
    try {
      Class.forName(Door.class.getName(), false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private void openCopy() {
    openCopy("open", handler);
  }

  private void openCopy(String by, Function<Object[], Object> to) {
    try {
      Class.forName(Door.class.getName(), true, null)
          .getMethod(by, Function.class, Instrumentation.class)
          .invoke(null, to, instrumentation);
    } catch (ReflectiveOperationException e) {
      Log.warn("the Door's copy in the bootstrap loader could not be opened", e);
    }
  }
}
