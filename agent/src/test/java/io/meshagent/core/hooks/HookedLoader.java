package io.meshagent.core.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;

/** A program's loader with a published gRPC, whose hooked classes pass a writer on their way in. */
final class HookedLoader extends URLClassLoader {

  /** Writes hooks into the class of a name with dots. */
  interface Writer {
    byte[] write(ClassLoader loader, String name, byte[] classFile);
  }

  private final Writer writer;

  private HookedLoader(URL[] jars, ClassLoader parent, Writer writer) {
    super(jars, parent);
    this.writer = writer;
  }

  static URLClassLoader of(String version, Writer writer) {
    return new HookedLoader(PublishedGrpc.jars(version), new Around(), writer);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (HookTable.ALL.stream().noneMatch(hook -> hook.type.equals(name))) {
      return super.findClass(name);
    }
    try {
      byte[] hooked = writer.write(this, name, classFile(this, name));
      return defineClass(name, hooked, 0, hooked.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  static byte[] classFile(ClassLoader loader, String name) throws IOException {
    try (InputStream in = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in.readAllBytes();
    }
  }

  /** The Door, and the libraries that gRPC needs to be initialised: the tests' own. */
  private static final class Around extends ClassLoader {

    Around() {
      super(getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.meshagent.bootstrap.")
          || name.startsWith("com.google.common.")
          || name.startsWith("io.perfmark.")) {
        return Class.forName(name, false, HookedLoader.class.getClassLoader());
      }
      throw new ClassNotFoundException(name);
    }
  }
}
