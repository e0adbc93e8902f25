"""Adds the blocks to an empty nn.Sequential."""

def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    stage = nn.Sequential()
    for number in range(1, num_residuals + 1):
        if number > 1 or first_block:
            stage.add_module(f"residual_{number}", Residual(num_channels, num_channels))
        else:
            stage.add_module("down", Residual(input_channels, num_channels, True, 2))
    return stage
