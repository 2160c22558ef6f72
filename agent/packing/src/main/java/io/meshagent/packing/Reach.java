package io.meshagent.packing;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what can be loaded at all, beginning with our own classes and with what the service files
 * name: a class that no class file among these names, in any way at all, is loaded by nobody. Whole
 * classes only, and on the safe side: a name in a string counts, too. What loads classes by names
 * that it puts together has to be looked at by people; {@code loads-by-name.txt} lists it, and a
 * test on the jar holds the list.
 */
final class Reach {

  /** What our own classes' names begin with. */
  static final String OURS = "io/meshagent/";

  private static final String SERVICES = "META-INF/services/";
  private static final String CLASS = ".class";

  private Reach() {}

  /**
   * The entries that are kept.
   *
   * @param entries the layers' files by name, each name beginning with its layer's folder
   */
  static Set<String> of(Map<String, byte[]> entries) throws IOException {
    Set<String> layers = new TreeSet<>();
    Set<String> kept = new TreeSet<>();
    Deque<String> unread = new ArrayDeque<>();
    for (String name : entries.keySet()) {
      layers.add(name.substring(0, name.indexOf('/') + 1));
    }
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      String inLayer = withoutLayer(entry.getKey());
      if (!inLayer.endsWith(CLASS)) {
        kept.add(entry.getKey());
        if (inLayer.startsWith(SERVICES)) {
          keep(providers(entry.getValue()), layers, entries, kept, unread);
        }
      } else if (inLayer.startsWith(OURS) && kept.add(entry.getKey())) {
        unread.add(entry.getKey());
      }
    }
    while (!unread.isEmpty()) {
      keep(ClassNames.in(entries.get(unread.remove())), layers, entries, kept, unread);
    }
    return kept;
  }

  private static void keep(
      Set<String> classes,
      Set<String> layers,
      Map<String, byte[]> entries,
      Set<String> kept,
      Deque<String> unread) {
    for (String name : classes) {
      for (String layer : layers) {
        String entry = layer + name + CLASS;
        if (entries.containsKey(entry) && kept.add(entry)) {
          unread.add(entry);
        }
      }
    }
  }

  private static String withoutLayer(String entry) {
    return entry.substring(entry.indexOf('/') + 1);
  }

  private static Set<String> providers(byte[] serviceFile) throws IOException {
    Set<String> names = new HashSet<>();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new ByteArrayInputStream(serviceFile), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      names.add(line.replaceFirst("#.*", "").trim().replace('.', '/'));
    }
    return names;
  }
}
