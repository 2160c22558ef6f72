package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

  private static final String BEGIN = "<!-- begin: settings -->\n";
  private static final String END = "<!-- end: settings -->\n";

  /** Tests run in the module's directory. */
  private static final Path DOC = Path.of("../docs/configuration.md");

  @Test
  void the_table_in_the_docs_is_what_the_keys_say() throws IOException {
    String doc = Files.readString(DOC);
    String before = doc.substring(0, doc.indexOf(BEGIN) + BEGIN.length());
    String after = doc.substring(doc.indexOf(END));
    String rendered = before + ConfigReference.markdown(TestSettings.KEYS) + after;
    if (Boolean.getBoolean("update-docs")) {
      Files.writeString(DOC, rendered);
      return;
    }
    assertThat(doc)
        .as(
            "agent/docs/configuration.md is not what the keys say: write it anew with"
                + " ./mvnw -pl agent/core -am test -Dtest=ConfigReferenceTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dupdate-docs=true")
        .isEqualTo(rendered);
  }
}
