package io.meshagent.it.programs.host;

import java.net.URL;
import java.net.URLClassLoader;

/** Asks itself before its parent, and the parent only for the packages that it lets through. */
final class OwnFirst extends URLClassLoader {

  private final String[] delegated;

  /**
   * @param delegated the beginnings of the names that the parent is asked for, besides {@code
   *     java.}
   */
  OwnFirst(URL[] urls, ClassLoader parent, String... delegated) {
    super(urls, parent);
    this.delegated = delegated;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      try {
        return findClass(name);
      } catch (ClassNotFoundException e) {
        for (String beginning : delegated) {
          if (name.startsWith(beginning)) {
            return super.loadClass(name, resolve);
          }
        }
        throw e;
      }
    }
  }
}
