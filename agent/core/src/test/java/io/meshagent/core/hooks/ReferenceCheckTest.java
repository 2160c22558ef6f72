package io.meshagent.core.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ReferenceCheckTest {

  /** What an adapter might be: names gRPC's types and members, inherited ones too. */
  static final class Adapter {
    static String use(Metadata metadata) {
      Metadata.Key<String> key = Metadata.Key.of("k", Metadata.ASCII_STRING_MARSHALLER);
      return metadata.get(key) + key.name() + Status.UNAVAILABLE.getCode() + metadata.hashCode();
    }
  }

  @Test
  void finds_nothing_missing_where_everything_is() throws IOException {
    assertThat(new ReferenceCheck(getClass().getClassLoader()).missing(classFile())).isEmpty();
  }

  @Test
  void names_the_members_of_a_type_that_is_not_there() throws IOException {
    ClassLoader without = new Without("io/grpc/Status.class");
    assertThat(new ReferenceCheck(without).missing(classFile()))
        .contains("io/grpc/Status", "io/grpc/Status.UNAVAILABLE Lio/grpc/Status;")
        .noneMatch(member -> member.contains("Metadata"));
  }

  @Test
  void reads_the_version_of_a_copy_of_grpc() {
    assertThat(GrpcVersion.of(getClass().getClassLoader())).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(GrpcVersion.of(new Without("io/grpc/internal/GrpcUtil.class")))
        .isEqualTo("of unknown version");
  }

  private static byte[] classFile() throws IOException {
    String name = Adapter.class.getName().replace('.', '/') + ".class";
    try (InputStream in = Adapter.class.getClassLoader().getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** A program's loader that lacks one class file. */
  private static final class Without extends ClassLoader {
    private final String missing;

    Without(String missing) {
      super(ReferenceCheckTest.class.getClassLoader());
      this.missing = missing;
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return name.equals(missing) ? null : super.getResourceAsStream(name);
    }
  }
}
