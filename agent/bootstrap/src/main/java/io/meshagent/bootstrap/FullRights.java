package io.meshagent.bootstrap;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.AccessController;
import java.security.AllPermission;
import java.security.PrivilegedAction;
import java.util.jar.JarFile;

/**
 * Gets the engine the rights that it needs where a {@code SecurityManager} is in force: the
 * program's policy knows nothing of us, and to the system loader we are part of the program.
 *
 * <p>The JVM lets an agent append its jar to the bootstrap search without asking anybody, and what
 * is found there may do everything, as the JDK may. A class that the system loader has not loaded
 * yet is then found there first; so this class touches none of those that need rights. Called on
 * the program's thread, with the program's callers on the stack. Stateless.
 */
final class FullRights implements PrivilegedAction<Object> {

  private final Instrumentation instrumentation;

  /** Why they could not be had, if so. */
  private Exception failure;

  private FullRights(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /** Whether anybody asks for rights. False, too, on a JDK that has no such thing any more. */
  static boolean isNeeded() {
    try {
      return System.getSecurityManager() != null;
    } catch (LinkageError e) {
      return false;
    }
  }

  /** Sees to the rights of all classes that are loaded from now on. */
  static void seeTo(Instrumentation instrumentation) throws Exception {
    FullRights rights = new FullRights(instrumentation);
    // Our own domain may read its own jar; the program's callers may not.
    AccessController.doPrivileged(rights);
    if (rights.failure != null) {
      throw rights.failure;
    }
  }

  @Override
  public Object run() {
    try {
      if (!isGranted()) {
        JarFile file = new JarFile(ownJar());
        try {
          instrumentation.appendToBootstrapClassLoaderSearch(file);
        } finally {
          file.close();
        }
      }
    } catch (Exception e) {
      failure = e;
    }
    return null;
  }

  /** A policy may name our jar; then nothing has to be appended. */
  static boolean isGranted() {
    try {
      AccessController.checkPermission(new AllPermission());
      return true;
    } catch (SecurityException e) {
      return false;
    }
  }

  /** As {@link MeshAgent#jarFile}, which takes a right of its own. */
  static File ownJar() throws IOException, URISyntaxException {
    URL here = FullRights.class.getResource("FullRights.class");
    if (here == null || !here.getProtocol().equals("jar")) {
      throw new IOException("the agent's own jar is not found");
    }
    String jar = here.getPath();
    return new File(new URI(jar.substring(0, jar.lastIndexOf("!/"))));
  }
}
