package io.meshagent.core.console.mesh;

import java.util.Map;

/** What the console's pages say of the mesh, made at each look. Any thread. */
public final class MeshViews {

  private final MeshMirror mesh;

  public MeshViews(MeshMirror mesh) {
    this.mesh = mesh;
  }

  /** Grows with each change of anything that is seen here. */
  public long revision() {
    return mesh.revision();
  }

  /** Who is there, and who calls whom. */
  public Map<String, Object> overview() {
    return Overview.of(mesh);
  }

  /**
   * The instances of an application or a service.
   *
   * @param of empty for all
   * @param wanted what has to stand somewhere in a row; empty for anything
   */
  public Map<String, Object> instances(String of, String wanted) {
    return InstanceRows.of(mesh, of, wanted);
  }

  /**
   * The programs that say something of themselves.
   *
   * @param wanted as for instances
   */
  public Map<String, Object> programs(String wanted) {
    return ProgramRows.of(mesh, wanted);
  }

  /** The documents, and what programs say of them. */
  public Map<String, Object> documents() {
    return DocumentRows.of(mesh);
  }
}
