using System.Net;
using System.Net.Sockets;

namespace SecretBridge.Tests.Wire;

/// <summary>A port on loopback where nobody listens, and that nobody else can take meanwhile.</summary>
public sealed class ClosedPort : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_bound.LocalEndPoint!).Port}";

    public void Dispose() => _bound.Dispose();
}
