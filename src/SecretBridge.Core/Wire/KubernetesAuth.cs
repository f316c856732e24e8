namespace SecretBridge.Wire;

/// <summary>A Kubernetes service account, or any method whose login takes a role and a JWT.</summary>
/// <param name="Role">The role.</param>
/// <param name="Mount">Where the method is mounted.</param>
/// <param name="JwtPath">The file of the JWT. It is read again at each login, because projected tokens rotate.</param>
public sealed record KubernetesAuth(string Role, string Mount = "kubernetes", string JwtPath = KubernetesAuth.DefaultJwtPath) : VaultAuth
{
    /// <summary>Where Kubernetes mounts a pod's service account token.</summary>
    public const string DefaultJwtPath = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <inheritdoc/>
    public override string Method => "kubernetes";
}
