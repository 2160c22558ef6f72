package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdkToolTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "jdk.jcmd, jdk.jcmd/sun.tools.jps.Jps, true",
        "java.base, java.base/sun.security.tools.keytool.Main -list, true",
        "jdk.compiler, jdk.compiler/com.sun.tools.javac.Main A.java, true",
        "jdk.compiler, jdk.compiler/com.sun.tools.javac.launcher.Main A.java, false",
        "-, sun.tools.jps.Jps, true",
        "-, com.sun.tools.javac.Main A.java, true",
        "-, app.jar --port 1, false",
        "-, com.example.Main, false",
        "com.example, com.example/com.example.Main, false",
        "-, -, false"
      })
  void tells_tools_from_programs(String mainModule, String command, boolean tool) {
    assertThat(JdkTool.isRunning(mainModule, command)).isEqualTo(tool);
  }
}
