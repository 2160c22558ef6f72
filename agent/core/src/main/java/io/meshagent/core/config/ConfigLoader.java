package io.meshagent.core.config;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the configuration from everywhere it may stand. Defaults, the file, the environment, system
 * properties, settings in the agent's argument: later wins, for each key and selector by itself.
 * Called once by the engine's start and by the {@code check} command; reads at most one file; never
 * throws for what people wrote.
 */
public final class ConfigLoader {

  /** How settings in the agent's argument are shown. */
  static final String ARGUMENT = "agent argument";

  private static final String FILE_NAME = "mesh-agent.properties";
  private static final String FILE_PROPERTY = "mesh.config";
  private static final String FILE_VARIABLE = "MESH_CONFIG";
  private static final String PROPERTY_PREFIX = "mesh.";
  private static final String VARIABLE_PREFIX = "MESH_";

  /**
   * What Kubernetes puts into every container for a service whose name begins with {@code mesh}.
   */
  private static final Pattern KUBERNETES =
      Pattern.compile("MESH_(\\w+_)?(SERVICE_(HOST|PORT(_\\w+)?)|PORT(_\\d+_(TCP|UDP|SCTP)\\w*)?)");

  /** How a text of settings begins: {@code client.timeout@a.B=}; no path does. */
  private static final Pattern SETTING =
      Pattern.compile("\\s*[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*(@[^=\\s]+)?=");

  private final Map<String, String> environment;
  private final Properties system;
  private final KnownKeys keys;
  private final SettingsBuilder settings;

  private ConfigLoader(KnownKeys keys, Map<String, String> environment, Properties system) {
    this.keys = keys;
    this.settings = new SettingsBuilder(keys);
    this.environment = environment;
    this.system = system;
  }

  /**
   * Reads everything.
   *
   * @param keys what can be set
   * @param agentArgument what stands after {@code -javaagent:mesh-agent.jar=}: the path of the
   *     file, or settings as they stand in one, which then win over all others; may be null
   * @param jar the agent's own jar, beside which the file may stand; may be null
   */
  public static Settings load(
      KnownKeys keys,
      String agentArgument,
      Path jar,
      Map<String, String> environment,
      Properties system) {
    ConfigLoader loader = new ConfigLoader(keys, environment, system);
    String name = ProgramName.of(system);
    if (name != null) {
      loader.settings.derive(Keys.APP_NAME, name);
    }
    boolean isText = agentArgument != null && SETTING.matcher(agentArgument).lookingAt();
    loader.readFile(isText ? null : agentArgument, jar);
    loader.readEnvironment();
    loader.readSystemProperties();
    if (isText) {
      ConfigFile.parse(agentArgument, ARGUMENT, loader.settings);
    }
    return loader.settings.build();
  }

  /** One file alone, over the defaults. */
  public static Settings loadFile(KnownKeys keys, Path file) {
    SettingsBuilder settings = new SettingsBuilder(keys);
    ConfigFile.read(file, file.toString(), settings);
    return settings.build();
  }

  /**
   * One text alone, over the defaults.
   *
   * @param shownAs what problems call it
   */
  public static Settings loadText(KnownKeys keys, String shownAs, String text) {
    SettingsBuilder settings = new SettingsBuilder(keys);
    ConfigFile.parse(text, shownAs, settings);
    return settings.build();
  }

  private void readFile(String agentArgument, Path jar) {
    String named =
        firstNotBlank(
            agentArgument, system.getProperty(FILE_PROPERTY), environment.get(FILE_VARIABLE));
    if (named != null) {
      try {
        ConfigFile.read(inWorkingDirectory(named), named, settings);
      } catch (InvalidPathException e) {
        settings.add(named, 0, "", "this is no path of a configuration file, so none is used");
      }
      return;
    }
    Path beside = jar == null ? null : jar.resolveSibling(FILE_NAME);
    if (beside != null && Files.exists(beside)) {
      readIfTrusted(beside, beside.toString(), jar);
      return;
    }
    try {
      Path here = inWorkingDirectory(FILE_NAME);
      if (Files.exists(here)) {
        readIfTrusted(here, FILE_NAME, null);
      }
    } catch (InvalidPathException e) {
      // With LC_ALL=C the JVM has no name for a directory with letters beyond ASCII.
      if (new File(FILE_NAME).exists()) {
        settings.add(
            FILE_NAME, 0, "", "it is not read, because this locale cannot name its folder");
      }
    }
  }

  /** One that nobody named may have been put there by somebody else. */
  private void readIfTrusted(Path file, String shownAs, Path jar) {
    String problem = FileTrust.problem(file, jar);
    if (problem == null) {
      ConfigFile.read(file, shownAs, settings);
    } else {
      settings.add(
          shownAs,
          0,
          "",
          "this configuration file is not used, because "
              + problem
              + ", who could have calls sent anywhere; -D"
              + FILE_PROPERTY
              + " takes it all the same");
    }
  }

  private Path inWorkingDirectory(String path) {
    Path named = Paths.get(path);
    return named.isAbsolute()
        ? named
        : Paths.get(system.getProperty("user.dir", "")).resolve(named);
  }

  private static String firstNotBlank(String... texts) {
    for (String text : texts) {
      if (text != null && !text.trim().isEmpty()) {
        return text.trim();
      }
    }
    return null;
  }

  private void readEnvironment() {
    Map<String, String> names = new TreeMap<>();
    keys.all().forEach(key -> names.put(key.environmentName(), key.name()));
    for (String variable : new TreeSet<>(environment.keySet())) {
      boolean ours = variable.startsWith(VARIABLE_PREFIX) && !variable.equals(FILE_VARIABLE);
      if (ours && (names.containsKey(variable) || !KUBERNETES.matcher(variable).matches())) {
        String guess =
            variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
        settings.set(
            Origin.named("environment", variable),
            names.getOrDefault(variable, guess),
            environment.get(variable));
      }
    }
  }

  private void readSystemProperties() {
    for (String property : new TreeSet<>(system.stringPropertyNames())) {
      if (property.startsWith(PROPERTY_PREFIX) && !property.equals(FILE_PROPERTY)) {
        String written = "-D" + property;
        String name = property.substring(PROPERTY_PREFIX.length());
        settings.set(Origin.named("system property", written), name, system.getProperty(property));
      }
    }
  }
}
