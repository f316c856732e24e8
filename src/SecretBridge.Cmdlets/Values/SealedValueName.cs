using System.Runtime.CompilerServices;
using SecretBridge.Stores;

// PowerShell looks for type names in the default load context alone; through here it finds the one that scripts need.
[assembly: TypeForwardedTo(typeof(SealedValue))]
