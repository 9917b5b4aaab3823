package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// icon draws the program's mark, the three bars of a level on a petrol square,
// as a PNG of size × size pixels.
func icon(size int) []byte {
	petrol, white := color.NRGBA{0x0b, 0x5a, 0x55, 0xff}, color.NRGBA{0xff, 0xff, 0xff, 0xff}
	m := image.NewNRGBA(image.Rect(0, 0, size, size))
	radius := size / 6
	for y := range size {
		for x := range size {
			if inside(x, y, size, radius) {
				m.SetNRGBA(x, y, petrol)
			}
		}
	}
	for bar := range 3 {
		left, width := size*(3+4*bar)/16, size*3/16
		top := size * (11 - 3*bar) / 16
		for y := top; y < size*13/16; y++ {
			for x := left; x < left+width; x++ {
				m.SetNRGBA(x, y, white)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a buffer takes every write
	}
	return b.Bytes()
}

// inside says whether a pixel is within the square's rounded corners.
func inside(x, y, size, radius int) bool {
	dx, dy := 0, 0
	if x < radius {
		dx = radius - x
	} else if x >= size-radius {
		dx = x - (size - radius - 1)
	}
	if y < radius {
		dy = radius - y
	} else if y >= size-radius {
		dy = y - (size - radius - 1)
	}
	return dx*dx+dy*dy <= radius*radius
}
