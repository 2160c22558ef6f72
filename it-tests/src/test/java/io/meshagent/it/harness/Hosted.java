package io.meshagent.it.harness;

import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.tools.Places;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Programs that run others in loaders of their own, and web applications as directories. Stateless.
 */
public final class Hosted {

  private static final String PACKAGE = "io/meshagent/it/programs/host";

  private Hosted() {}

  /** The class path of a host: nothing of the applications, which its children would find there. */
  public static String hostClassPath() {
    Path code = Places.codeOf(LoadClient.class);
    Path host = Places.newDirectory("host");
    try {
      if (Files.isDirectory(code)) {
        copyHost(code, host);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(code)) {
          copyHost(jar.getPath("/"), host);
        }
      }
      return host.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyHost(Path code, Path to) throws IOException {
    Path into = Places.create(to.resolve(PACKAGE));
    try (Stream<Path> files = Files.list(code.resolve(PACKAGE))) {
      for (Path file : files.toList()) {
        Files.copy(file, into.resolve(file.getFileName().toString()));
      }
    }
  }

  /**
   * A web application with libraries of its own.
   *
   * @param listener the class that starts and ends it
   */
  public static Path webApplication(
      String name, String service, String classPath, String listener) {
    Path root = Places.newDirectory(name);
    Path classes = Places.create(root.resolve("WEB-INF/classes"));
    Path lib = Places.create(root.resolve("WEB-INF/lib"));
    try {
      for (String entry : List.of(classPath.split(File.pathSeparator, -1))) {
        Path from = Path.of(entry);
        if (Files.isDirectory(from)) {
          copyTree(from, classes);
        } else {
          Files.copy(from, lib.resolve(from.getFileName()));
        }
      }
      Files.writeString(
          root.resolve("WEB-INF/web.xml"),
          """
          <web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="3.1" metadata-complete="true">
            <context-param><param-name>name</param-name><param-value>%s</param-value></context-param>
            <context-param><param-name>service</param-name><param-value>%s</param-value></context-param>
            <listener><listener-class>%s</listener-class></listener>
          </web-app>
          """
              .formatted(name, service, listener));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return root;
  }

  /** A bundle for OSGi with libraries of its own inside, which imports what it needs of the JDK. */
  public static Path bundle(String name, String classPath) {
    Map<String, Path> inside = new LinkedHashMap<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path library = Path.of(entry);
      if (Files.isDirectory(library)) {
        library = Modules.jar(library, Places.newDirectory("lib").resolve("classes.jar"));
      }
      inside.put("lib/" + inside.size() + "-" + library.getFileName(), library);
    }
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", name);
    attributes.putValue("Bundle-Version", "1.0.0");
    attributes.putValue("Bundle-ClassPath", String.join(",", inside.keySet()));
    attributes.putValue("DynamicImport-Package", "*");
    Path bundle = Places.newDirectory("bundle").resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(bundle);
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      for (Map.Entry<String, Path> each : inside.entrySet()) {
        jar.putNextEntry(new JarEntry(each.getKey()));
        Files.copy(each.getValue(), jar);
        jar.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bundle;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Places.create(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
