package io.meshagent.core.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;

/**
 * Reads class files as a loader of the program has them. A {@link URLClassLoader} that nobody
 * closes would leave each jar that is read through it open in a cache of the JDK: it could not be
 * deleted on some systems, and the next application would be read from it when the jar was
 * replaced. Stateless.
 */
final class ClassFiles {

  private ClassFiles() {}

  /**
   * Opens a class file.
   *
   * @param name the class, with slashes
   * @return null if the loader has no such class
   */
  static InputStream open(ClassLoader loader, String name) throws IOException {
    String file = name + ".class";
    if (!readsThroughCache(loader)) {
      return loader.getResourceAsStream(file);
    }
    URL url = loader.getResource(file);
    if (url == null) {
      return null;
    }
    URLConnection connection = url.openConnection();
    if (connection.getClass().getName().startsWith("sun.net.")) {
      // The JDK's own. Spring Boot's jars in a jar are its own business.
      connection.setUseCaches(false);
    }
    return connection.getInputStream();
  }

  /** Tomcat's loader, for one, is one of these too, and reads in its own way. */
  private static boolean readsThroughCache(ClassLoader loader) {
    try {
      return loader.getClass().getMethod("getResourceAsStream", String.class).getDeclaringClass()
          == URLClassLoader.class;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
