package io.meshagent.bootstrap;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.AllPermission;
import java.security.PermissionCollection;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Loads the engine and its libraries out of {@code inst/core} in the agent's jar, isolated: nothing
 * in here can be seen by the program, and of the program nothing can be seen from here.
 *
 * <pre>
 *   bootstrap &lt;- platform (extension) loader &lt;- system loader: the program, this package
 *                         ^                                          |
 *                         '--------- AgentLoader --------------------'
 *                                    core/, then the JDK; io.meshagent.bootstrap from the system
 * </pre>
 *
 * <p>Under a security manager this package may stand in the bootstrap loader, see {@link
 * FullRights}. What is loaded here may do everything in any case.
 */
public final class AgentLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String LAYER = "core/";
  private static final String OURS_IN_SYSTEM = "io.meshagent.bootstrap.";

  private final LayerArchive archive;
  private final LayerUrls urls;

  /** The parent, kept because it takes a right to ask for. Null for the bootstrap loader. */
  private final ClassLoader jdk;

  private final ProtectionDomain domain;
  private final boolean hidesUnsafe;

  private AgentLoader(LayerArchive archive) throws IOException {
    this(archive, ClassLoader.getSystemClassLoader().getParent());
  }

  private AgentLoader(LayerArchive archive, ClassLoader jdk) throws IOException {
    super(jdk);
    this.jdk = jdk;
    this.archive = archive;
    urls = new LayerUrls(archive);
    domain = new ProtectionDomain(null, everything());
    hidesUnsafe = unsafeWarns();
  }

  /**
   * For an engine, which lives as long as the program does. Not for everybody: what is loaded may
   * do everything. No class of the caller's has to know this one's type.
   */
  static ClassLoader of(File jarFile) throws IOException {
    return new AgentLoader(new LayerArchive(jarFile).copied());
  }

  /** For a command, which is over before long. */
  static ClassLoader forCommand(File jarFile) throws IOException {
    return new AgentLoader(new LayerArchive(jarFile));
  }

  /**
   * The program's policy can't know what the engine and its libraries need. What they do for the
   * program they do below its own frames, and so with its rights. The domain does not say where its
   * classes are from: to JaCoCo that means made up at run time, and not to be counted as the
   * program's. Nor does it name their loader: a thread that the program starts below one of our
   * classes keeps the domain for as long as it lives, and would keep all of us.
   */
  private static PermissionCollection everything() {
    Permissions all = new Permissions();
    all.add(new AllPermission());
    return all;
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

  /**
   * Takes no lock. While a class is being defined the VM shows it to the transformers of all agents
   * in the JVM, and what they do is theirs to choose: they load the same class, or its parent, on
   * this thread or on another one that they wait for. Who held a lock here would wait for ever.
   */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    Class<?> found = findLoadedClass(name);
    if (found == null) {
      found = find(name);
    }
    if (resolve) {
      resolveClass(found);
    }
    return found;
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return ofTheJdk(name);
    }
    if (name.startsWith(OURS_IN_SYSTEM)) {
      ClassLoader own = AgentLoader.class.getClassLoader();
      return own == null ? ofTheJdk(name) : own.loadClass(name);
    }
    if (hidesUnsafe && name.equals("sun.misc.Unsafe")) {
      throw new ClassNotFoundException(name + " is hidden from the agent's libraries");
    }
    byte[] bytes = classBytes(LAYER, name);
    if (bytes == null) {
      return ofTheJdk(name);
    }
    definePackageOf(name);
    return define(name, bytes);
  }

  /** Past the inherited method, which would hold a lock while the JDK's loaders define a class. */
  private Class<?> ofTheJdk(String name) throws ClassNotFoundException {
    return jdk == null ? super.loadClass(name, false) : jdk.loadClass(name);
  }

  /** Several may be at it at once; the VM takes the first, and that one is the class for all. */
  private Class<?> define(String name, byte[] bytes) {
    try {
      return defineClass(name, bytes, 0, bytes.length, domain);
    } catch (LinkageError e) {
      Class<?> first = findLoadedClass(name);
      if (first == null) {
        throw e;
      }
      return first;
    }
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
   * The bytes of a class in a layer, or null if it is not there.
   *
   * @param layer {@code core/} or {@code grpc/}
   */
  public byte[] classBytes(String layer, String className) throws ClassNotFoundException {
    try {
      return archive.read(layer + className.replace('.', '/') + ".class");
    } catch (IOException e) {
      throw new ClassNotFoundException(className + " can't be read from the agent's jar", e);
    }
  }

  /**
   * The class files directly in a folder of the archive.
   *
   * @param folder with its layer, ending in a slash
   */
  public List<byte[]> classFiles(String folder) throws IOException {
    List<byte[]> files = new ArrayList<byte[]>();
    for (String name : archive.namesIn(folder)) {
      if (name.endsWith(".class")) {
        files.add(archive.read(name));
      }
    }
    return files;
  }

  /**
   * Class files are no resources here. It is by them that other agents (OpenTelemetry's, Elastic's)
   * find out what a loader has and whether it is worth their while; our libraries are not.
   */
  private static boolean isClass(String name) {
    return name.endsWith(".class");
  }

  @Override
  protected URL findResource(String name) {
    try {
      return !isClass(name) && archive.has(LAYER + name) ? urls.of(LAYER + name) : null;
    } catch (IOException e) {
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
    try {
      byte[] own = isClass(name) ? null : archive.read(LAYER + name);
      return own != null ? new ByteArrayInputStream(own) : super.getResourceAsStream(name);
    } catch (IOException e) {
      return null;
    }
  }
}
