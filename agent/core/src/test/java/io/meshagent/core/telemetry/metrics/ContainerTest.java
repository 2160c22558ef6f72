package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerTest {

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  @Test
  void reads_the_innermost_bound_of_cgroup_v2() throws IOException {
    write("proc/self/cgroup", "0::/kube/pod/app");
    write("sys/fs/cgroup/kube/pod/app/cpu.max", "max 100000");
    write("sys/fs/cgroup/kube/pod/cpu.max", "150000 100000");
    write("sys/fs/cgroup/kube/pod/app/memory.max", "536870912");
    write("sys/fs/cgroup/kube/pod/app/memory.current", "1048576");

    Container container = new Container(root);
    assertThat(container.cores()).isEqualTo(1.5);
    assertThat(container.memoryLimit()).isEqualTo(512 << 20);
    assertThat(container.memoryUsed()).isEqualTo(1 << 20);
  }

  @Test
  void reads_cgroup_v1_where_a_container_sees_its_group_as_the_root() throws IOException {
    write(
        "proc/self/cgroup", "4:memory:/docker/1234\n3:cpu,cpuacct:/docker/1234\n1:name=systemd:/");
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "4096");

    Container container = new Container(root);
    assertThat(container.cores()).isEqualTo(0.5);
    assertThat(container.memoryLimit()).isEqualTo(256 << 20);
    assertThat(container.memoryUsed()).isEqualTo(4096);
  }

  @Test
  void says_nothing_where_nothing_is_bounded() throws IOException {
    Container nothing = new Container(root);
    assertThat(nothing.cores()).isEqualTo(-1);
    assertThat(nothing.memoryLimit()).isEqualTo(-1);
    assertThat(nothing.memoryUsed()).isEqualTo(-1);

    write("proc/self/cgroup", "4:memory:/\n3:cpu:/../../outside");
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    Container unbounded = new Container(root);
    assertThat(unbounded.cores()).isEqualTo(-1);
    assertThat(unbounded.memoryLimit()).isEqualTo(-1);
  }
}
