package io.meshagent.it.programs.host;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs applications in loaders as plug-in systems and containers have them. What is opened is
 * {@code <kind> <class path>}; of kind {@code shared} {@code shared <class path> <the parent's>}.
 */
public final class Loaders extends Host {

  private Loaders() {}

  public static void main(String[] args) throws Exception {
    new Loaders().obey();
  }

  @Override
  Opened open(String name, String what) throws Exception {
    String[] words = what.split(" ", -1);
    URLClassLoader loader =
        loader(words[0], urls(words[1]), words.length > 2 ? urls(words[2]) : new URL[0]);
    Function<String, String> application = application(loader);
    return new Opened() {
      @Override
      public Function<String, String> application() {
        return application;
      }

      @Override
      public void close() throws Exception {
        loader.close();
      }
    };
  }

  private static URLClassLoader loader(String kind, URL[] own, URL[] parents) {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    switch (kind) {
      case "plain":
        return new URLClassLoader(own, system);
      case "bootstrap":
        // Sees the JDK's core and nothing else of what the JVM was started with.
        return new URLClassLoader(own, null);
      case "platform":
        return new URLClassLoader(own, system.getParent());
      case "listed":
        // As OSGi does it: the JDK and what is listed.
        return new OwnFirst(own, system, "javax.", "sun.", "jdk.");
      case "shared":
        // gRPC in the parent, what was generated in the child.
        return new OwnFirst(own, new URLClassLoader(parents, system), "");
      default:
        throw new IllegalArgumentException(kind);
    }
  }

  private static URL[] urls(String classPath) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return urls.toArray(new URL[0]);
  }

  @SuppressWarnings("unchecked") // what the class says of itself
  private static Function<String, String> application(ClassLoader loader)
      throws ReflectiveOperationException {
    return (Function<String, String>) loader.loadClass(APPLICATION).getConstructor().newInstance();
  }
}
