package io.meshagent.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the engine and its libraries out of {@code inst/core} in the agent's jar, isolated: nothing
 * in here can be seen by the program, and of the program nothing can be seen from here.
 *
 * <pre>
 *   bootstrap <- platform (extension) loader <- system loader: the program, this package
 *                         ^                                          |
 *                         '--------- AgentLoader --------------------'
 *                                    inst/core, then the JDK; io.meshagent.bootstrap from the system
 * </pre>
 *
 * <p>Classes are stored as {@code .classdata}, so that no other loader mistakes them for its own.
 */
public final class AgentLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String LAYER = "inst/core/";
  private static final String OURS_IN_SYSTEM = "io.meshagent.bootstrap.";

  private final JarFile jar;
  private final String jarUrl;
  private final ProtectionDomain domain;
  private final boolean hidesUnsafe;

  public AgentLoader(File jarFile) throws IOException {
    super(ClassLoader.getSystemClassLoader().getParent());
    jar = new JarFile(jarFile, false);
    URL url = jarFile.toURI().toURL();
    jarUrl = "jar:" + url + "!/";
    domain =
        new ProtectionDomain(
            new CodeSource(url, (Certificate[]) null),
            AgentLoader.class.getProtectionDomain().getPermissions(),
            this,
            null);
    hidesUnsafe = unsafeWarns();
  }

  /**
   * From JDK 24 on the VM prints a warning the first time that somebody uses the memory methods of
   * {@code sun.misc.Unsafe}. Netty, protobuf and Guava all do, and all have another way if the
   * class is not there.
   */
  private static boolean unsafeWarns() {
    String version = System.getProperty("java.specification.version", "");
    try {
      return !version.startsWith("1.") && Integer.parseInt(version) >= 24;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> found = findLoadedClass(name);
      if (found == null) {
        found = find(name);
      }
      if (resolve) {
        resolveClass(found);
      }
      return found;
    }
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return super.loadClass(name, false);
    }
    if (name.startsWith(OURS_IN_SYSTEM)) {
      return AgentLoader.class.getClassLoader().loadClass(name);
    }
    if (hidesUnsafe && name.equals("sun.misc.Unsafe")) {
      throw new ClassNotFoundException(name + " is hidden from the agent's libraries");
    }
    byte[] bytes = classBytes(LAYER, name);
    if (bytes == null) {
      return super.loadClass(name, false);
    }
    definePackageOf(name);
    return defineClass(name, bytes, 0, bytes.length, domain);
  }

  private void definePackageOf(String className) {
    int dot = className.lastIndexOf('.');
    String packageName = dot < 0 ? "" : className.substring(0, dot);
    if (dot > 0 && getPackage(packageName) == null) {
      try {
        definePackage(packageName, null, null, null, null, null, null, null);
      } catch (IllegalArgumentException definedMeanwhile) {
        // Another thread was first: what we wanted is there.
        return;
      }
    }
  }

  /**
   * The bytes of a class in a layer of the jar, or null if it is not there.
   *
   * @param layer {@code inst/core/} or {@code inst/grpc/}
   */
  public byte[] classBytes(String layer, String className) throws ClassNotFoundException {
    JarEntry entry = jar.getJarEntry(layer + className.replace('.', '/') + ".classdata");
    if (entry == null) {
      return null;
    }
    try {
      return read(entry);
    } catch (IOException e) {
      throw new ClassNotFoundException(className + " can't be read from " + jarUrl, e);
    }
  }

  /**
   * The class files directly in a folder of the jar.
   *
   * @param folder with its layer, ending in a slash
   */
  public List<byte[]> classFiles(String folder) {
    List<byte[]> files = new ArrayList<byte[]>();
    for (Enumeration<JarEntry> e = jar.entries(); e.hasMoreElements(); ) {
      JarEntry entry = e.nextElement();
      String name = entry.getName();
      if (name.startsWith(folder)
          && name.endsWith(".classdata")
          && name.indexOf('/', folder.length()) < 0) {
        try {
          files.add(read(entry));
        } catch (IOException unreadable) {
          throw new IllegalStateException(name + " can't be read from " + jarUrl, unreadable);
        }
      }
    }
    return files;
  }

  private byte[] read(JarEntry entry) throws IOException {
    InputStream in = jar.getInputStream(entry);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.max(entry.getSize(), 1024));
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
      return out.toByteArray();
    } finally {
      in.close();
    }
  }

  /** Where our classes can also be read as resources, for Byte Buddy: {@code .class} is mapped. */
  @Override
  protected URL findResource(String name) {
    String path = pathOf(name);
    if (jar.getJarEntry(path) == null) {
      return null;
    }
    try {
      return new URL(jarUrl + path);
    } catch (MalformedURLException e) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return found == null
        ? Collections.<URL>emptyEnumeration()
        : Collections.enumeration(Collections.singleton(found));
  }

  /** Ours first, as with classes. */
  @Override
  public URL getResource(String name) {
    URL own = findResource(name);
    return own != null ? own : super.getResource(name);
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    JarEntry entry = jar.getJarEntry(pathOf(name));
    try {
      return entry != null ? jar.getInputStream(entry) : super.getResourceAsStream(name);
    } catch (IOException e) {
      return null;
    }
  }

  private static String pathOf(String name) {
    return LAYER + (name.endsWith(".class") ? name + "data" : name);
  }
}
