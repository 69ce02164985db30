namespace OrleansStore.Samples.OrleansApp;

/// <summary>A shopping cart: a grain of the application, with its items in the store.</summary>
[Alias("sample.cart")]
public interface ICartGrain : IGrainWithStringKey
{
    /// <summary>Adds an item.</summary>
    /// <returns>How many the cart has now.</returns>
    [Alias("add")]
    Task<int> AddAsync(string item);
}
