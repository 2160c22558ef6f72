package io.meshagent.core.policy.shed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of cgroup v2 and v1, as they look inside and outside of a container. */
class CgroupCpuTest {

  @TempDir private Path directory;
  private Path root;
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 100);

  @BeforeEach
  void root() throws IOException {
    root = Files.createDirectory(directory.resolve("cgroup"));
  }

  private CgroupCpu find(String membership) throws IOException {
    Path file = Files.writeString(directory.resolve("self"), membership);
    return CgroupCpu.find(file, root, nanos::get);
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private void second(String group, String quota, long usedMicros) throws IOException {
    write(group + "cpu.max", quota);
    write(group + "cpu.stat", "usage_usec " + usedMicros + "\nuser_usec 1\nsystem_usec 2");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void v2_in_a_container_that_sees_its_own_group_as_the_root() throws IOException {
    second("", "150000 100000", 1_000_000);
    CgroupCpu cpu = find("0::/\n");
    assertThat(cpu.read()).as("there is nothing to compare with").isNegative();

    pass(Duration.ofSeconds(2));
    second("", "150000 100000", 2_500_000);
    assertThat(cpu.read()).as("1.5 s of 2 s of 1.5 CPUs").isCloseTo(0.5, within(0.001));

    pass(Duration.ofSeconds(1));
    second("", "50000 100000", 3_000_000);
    assertThat(cpu.read()).as("with a new quota").isCloseTo(1, within(0.001));
  }

  @Test
  void v2_where_an_outer_group_has_the_quota() throws IOException {
    second("pod/app/", "max 100000", 5);
    second("pod/", "200000 100000", 1_000);
    CgroupCpu cpu = find("1:name=systemd:/x\n0::/pod/app\n");
    assertThat(cpu.read()).isNegative();
    pass(Duration.ofSeconds(1));
    second("pod/", "200000 100000", 501_000);
    assertThat(cpu.read()).isCloseTo(0.25, within(0.001));
  }

  @Test
  void v1_by_either_name_of_the_mount() throws IOException {
    for (String mount : new String[] {"cpu,cpuacct/", "cpu/"}) {
      root = Files.createDirectory(directory.resolve("of-" + mount.replace("/", "")));
      write(mount + "docker/1/cpu.cfs_quota_us", "400000");
      write(mount + "docker/1/cpu.cfs_period_us", "100000");
      write(mount + "docker/1/cpuacct.usage", "7000000000");
      CgroupCpu cpu = find("4:cpuacct,cpu:/docker/1\n2:memory:/docker/1\n");
      assertThat(cpu.read()).isNegative();
      pass(Duration.ofSeconds(1));
      write(mount + "docker/1/cpuacct.usage", "10000000000");
      assertThat(cpu.read()).isCloseTo(0.75, within(0.001));
    }
  }

  @Test
  void v1_where_the_path_is_that_of_the_host_and_not_seen_inside() throws IOException {
    write("cpu/cpu.cfs_quota_us", "100000");
    write("cpu/cpu.cfs_period_us", "100000");
    write("cpu/cpuacct.usage", "1");
    assertThat(find("4:cpu,cpuacct:/kubepods/pod1/abc\n")).isNotNull();
    assertThat(find("0::/../../outside\n4:cpu,cpuacct:/../other\n")).isNotNull();
  }

  @Test
  void nothing_that_is_not_bounded_or_can_not_be_read() throws IOException {
    assertThat(find("0::/\n")).isNull();
    second("", "max 100000", 5);
    assertThat(find("0::/\n")).isNull();
    write("cpu.max", "junk");
    assertThat(find("junk\n::::\n0::/a/b\n")).isNull();
    write("cpu/cpu.cfs_quota_us", "-1");
    write("cpu/cpu.cfs_period_us", "100000");
    write("cpu/cpuacct.usage", "1");
    assertThat(find("4:cpu,cpuacct:/\n")).isNull();
    assertThat(CgroupCpu.find(root.resolve("none"), root.resolve("none"), nanos::get)).isNull();
  }

  @Test
  void a_group_that_goes_away_says_nothing() throws IOException {
    second("a/", "100000 100000", 5);
    CgroupCpu cpu = find("0::/a\n");
    assertThat(cpu.read()).isNegative();
    Files.delete(root.resolve("a/cpu.stat"));
    pass(Duration.ofSeconds(1));
    assertThat(cpu.read()).isNegative();
  }

  @Test
  void the_jvm_says_something_or_nothing() {
    assertThat(new JvmCpu().read()).isBetween(-1.0, 1.0);
  }
}
