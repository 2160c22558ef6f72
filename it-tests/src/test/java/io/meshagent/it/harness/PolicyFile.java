package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A policy for a program under a security manager. It grants what gRPC with Netty needs to run, to
 * the program's own jars, and nothing that an agent would need. For the test's thread.
 */
public final class PolicyFile {

  private static final String LITTLE =
      """
        permission java.net.SocketPermission "*", "connect,accept,listen,resolve";
        permission java.net.NetPermission "getProxySelector";
        permission java.net.NetPermission "getNetworkInformation";
        permission java.lang.RuntimePermission "accessDeclaredMembers";
        permission java.lang.RuntimePermission "accessClassInPackage.sun.*";
        permission java.lang.RuntimePermission "getenv.*";
        permission java.lang.RuntimePermission "modifyThread";
        permission java.lang.RuntimePermission "shutdownHooks";
        permission java.lang.RuntimePermission "setSecurityManager";
        permission java.lang.reflect.ReflectPermission "suppressAccessChecks";
        permission java.io.FilePermission "/proc/sys/net/core/somaxconn", "read";
        permission java.util.PropertyPermission "probe.allowed", "read";
      """;

  private static final String PROPERTIES =
      "io.grpc.* io.netty.* io.perfmark.* java.* os.* line.separator user.* com.google.* guava.*"
          + " sun.* networkaddress.* org.jboss.netty.* org.graalvm.*";

  private final Path path = Places.newDirectory("policy").resolve("program.policy");
  private final StringBuilder text = new StringBuilder();
  private final Set<String> named = new HashSet<>();

  private PolicyFile() {}

  /**
   * A policy.
   *
   * @param classPath all that the program is loaded from
   * @param program the part of it that gets little; the rest may do everything
   */
  public static PolicyFile of(String classPath, String program) {
    PolicyFile policy = new PolicyFile();
    StringBuilder little = new StringBuilder(LITTLE);
    for (String properties : PROPERTIES.split(" ", -1)) {
      little.append(
          "  permission java.util.PropertyPermission \"%s\", \"read\";\n".formatted(properties));
    }
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      little.append(
          "  permission java.io.FilePermission \"%s\", \"read\";\n"
              .formatted(Files.isDirectory(Path.of(entry)) ? entry + "/-" : entry));
    }
    policy.grant(program, little.toString());
    return policy.trusting(classPath);
  }

  /** Everything for each entry of a class path that is not in the policy yet. */
  public PolicyFile trusting(String classPath) {
    grant(classPath, "  permission java.security.AllPermission;\n");
    return this;
  }

  private void grant(String classPath, String permissions) {
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (named.add(entry)) {
        String code = Path.of(entry).toUri().toString();
        text.append("grant codeBase \"").append(code).append("\" {\n");
        text.append(permissions).append("};\n");
      }
    }
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return path;
  }
}
